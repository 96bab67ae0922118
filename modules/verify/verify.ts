import type { Diagnostic } from "../core/diagnostic.ts";
import { engineProblem, type Engine } from "../engine/docker-engine.ts";
import type { Progress } from "../engine/progress.ts";
import type { Inventory } from "../inventory/model.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import { CheckGroups } from "./check-groups.ts";
import { observeContainers } from "./containers.ts";
import { placesOf } from "./places.ts";
import type { BackupVerification, FirewallState, Measured, VerifyContext } from "./topic.ts";
import type { TopicEntry } from "./topics.ts";
import { VisitingEngine } from "./visits.ts";

export interface VerifyRequest {
  readonly plan: KabupatenPlan;
  readonly inventory: Inventory;
  readonly engine: Engine;
  readonly topics: readonly TopicEntry[];
  readonly progress: Progress;
  readonly firewall: () => Promise<FirewallState>;
  /** Certificate of the kabupaten's own authority in PEM, where this machine has it. */
  readonly authority?: string;
  /** What a proof of backups needs. */
  readonly backup?: BackupVerification;
}

export interface Verification {
  readonly findings: readonly Diagnostic[];
  /** By topic. */
  readonly measured: Readonly<Record<string, Measured>>;
  /** Findings once more, by topic. */
  readonly byTopic: Readonly<Record<string, readonly Diagnostic[]>>;
  /** Nothing could be verified: the engine is out of reach, or nothing is deployed on it. */
  readonly nothingThere: boolean;
}

/** Observes what runs, topic by topic, and compares it with the plan. Changes nothing. */
export async function verify(request: VerifyRequest): Promise<Verification> {
  const { plan, inventory, engine, topics, progress, firewall, authority, backup } = request;
  const problem = await engineProblem(engine);
  if (problem !== undefined) return nothing(problem);
  const containers = await observeContainers(engine, plan.name);
  if (containers.size === 0) return nothing(notDeployed(plan, engine));
  const groups = new CheckGroups(progress);
  const placeOf = placesOf(inventory);
  const loaded = await Promise.all(topics.map(({ load }) => load()));
  const context = {
    ...{ plan, containers, placeOf, firewall },
    engine: new VisitingEngine(engine),
    ...settling(loaded.some(({ settles }) => settles)),
    ...(authority !== undefined && { authority }),
    ...(backup !== undefined && { backup }),
  };
  progress.begin(
    loaded.map(({ name }) => name).join(", "),
    loaded.reduce((sum, topic) => sum + topic.groups, 0),
  );
  await Promise.all(loaded.map((topic) => topic.verify(context, groups)));
  progress.end();
  const { findings, measured } = groups;
  const byTopic = Object.fromEntries(loaded.map(({ name }) => [name, groups.findingsOf(name)]));
  return { findings, measured, byTopic, nothingThere: false };
}

/** Where no topic waits for the network to settle, it counts as settled. */
function settling(isAwaited: boolean): Pick<VerifyContext, "settled" | "settle"> {
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  if (!isAwaited) settle();
  return { settled, settle };
}

function nothing(finding: Diagnostic): Verification {
  return { findings: [finding], measured: {}, byTopic: {}, nothingThere: true };
}

/** Nothing of the kabupaten is on the engine. */
export function notDeployed({ title }: KabupatenPlan, { name }: Engine): Diagnostic {
  return {
    id: "not-deployed",
    severity: "error",
    what: `nothing of ${title} runs on the engine ${name}`,
    why: "the running system is compared with the plan, and there is none",
    fix: "run simpul deploy first",
  };
}
