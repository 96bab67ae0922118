import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { canonicalText } from "../core/canonical-text.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { PlanSummary } from "./plan-summary.ts";
import type { Planned, PlannedStack } from "./stack-plans.ts";
import { readState } from "./stack-state.ts";

/** What a plan stands on, besides states and engine. */
export interface ReviewGround {
  readonly kabupaten: string;
  /** Commit of the checkout; empty outside a repository. */
  readonly commit: string;
  /** SHA-256 of the kabupaten's files. */
  readonly inventory: string;
  /** What a person allowed by name when the plan was made, and what the plan covers. */
  readonly permissions: PlanPermissions;
}

export interface PlanPermissions {
  readonly replace: readonly string[];
  readonly destroy: readonly string[];
  readonly allowBlast: boolean;
  /** Whether unchanged stacks were planned too. */
  readonly all: boolean;
}

/** What the reviewer saw of one stack, by fingerprints: attributes stay in the saved plan. */
interface ReviewedStack {
  readonly name: string;
  readonly configuration: string;
  /** Lineage and serial of the state; empty when there was none. */
  readonly state: string;
  /** Of the changes; empty when there are none. */
  readonly changes: string;
  /** Of the saved plan's file; empty when there is none. */
  readonly file: string;
}

/** `plan.json` of a folder with saved plans that a person looks at before they are applied. */
export interface ReviewedPlan extends ReviewGround {
  readonly format: 1;
  readonly stacks: readonly ReviewedStack[];
  /** What would be removed, adopted and put right beside terraform. */
  readonly beside: string;
  /** Over all of the above: what is reviewed is what is applied. */
  readonly hash: string;
}

const MANIFEST = "plan.json";

/** Puts the saved plans and what they stand on into a folder that nobody else can read. */
export async function writeReviewedPlan(
  folder: string,
  ground: ReviewGround,
  planned: Planned,
  summary: PlanSummary,
): Promise<ReviewedPlan> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const one of planned.stacks) {
    if (!isToApply(one)) continue;
    await copyFile(one.plan.planFile, fileOf(folder, one.stack.name));
    await chmod(fileOf(folder, one.stack.name), 0o600);
  }
  const stacks = await stacksOf(planned, folder);
  const plan = sealed({ format: 1, ...ground, stacks, beside: besideOf(summary) });
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(plan, undefined, 2)}\n`, {
    mode: 0o600,
  });
  return plan;
}

/** Reads such a folder; an error where it is not as it was written. */
export async function readReviewedPlan(folder: string): Promise<ReviewedPlan | Diagnostic> {
  try {
    const plan = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as ReviewedPlan;
    const { hash, ...rest } = plan;
    if (plan.format !== 1 || sealed(rest).hash !== hash) return damaged(folder);
    for (const { name, file } of plan.stacks)
      if (file !== "" && file !== (await fingerprintOf(fileOf(folder, name))))
        return damaged(folder);
    return plan;
  } catch {
    return damaged(folder);
  }
}

/** Everything that is no longer as it was when the plan was made, in words; empty when it may be applied. */
export async function movedSince(
  reviewed: ReviewedPlan,
  ground: ReviewGround,
  planned: Planned,
  summary: PlanSummary,
): Promise<readonly string[]> {
  const now = new Map((await stacksOf(planned, undefined)).map((one) => [one.name, one]));
  const names = [...new Set([...reviewed.stacks.map(({ name }) => name), ...now.keys()])];
  const stacks = names.flatMap((name) => {
    const before = reviewed.stacks.find((one) => one.name === name);
    const after = now.get(name);
    if (before === undefined) return [`stack ${name} is new`];
    if (after === undefined) return [`stack ${name} is gone`];
    return (["configuration", "state", "changes"] as const)
      .filter((part) => before[part] !== after[part])
      .map((part) => `stack ${name} has ${MOVED[part]}`);
  });
  return [
    ...(reviewed.kabupaten === ground.kabupaten ? [] : [`it was made for ${reviewed.kabupaten}`]),
    ...(reviewed.commit === ground.commit ? [] : ["the repository stands at another commit"]),
    ...(reviewed.inventory === ground.inventory ? [] : ["the inventory says something else"]),
    ...stacks,
    ...(reviewed.beside === besideOf(summary) ? [] : ["something else is to be put right"]),
  ];
}

const MOVED = {
  configuration: "another configuration",
  state: "another state: something was applied since",
  changes: "other changes to make: something on the engine moved",
};

/** An error for a plan that no longer fits; nothing of it is applied. */
export function movedOn(moved: readonly string[]): Diagnostic {
  return {
    id: "reviewed-plan-stale",
    severity: "error",
    what: `the reviewed plan no longer fits: ${moved.join("; ")}`,
    why: "only what was reviewed is applied, and what was reviewed was made on something else",
    fix: "make it anew (simpul plan --out DIR), review that, and apply it",
  };
}

/** Lays the reviewed plans where the apply takes them from, in place of those made for comparison. */
export async function layReviewedPlans(folder: string, planned: Planned): Promise<void> {
  for (const one of planned.stacks)
    if (isToApply(one)) await copyFile(fileOf(folder, one.stack.name), one.plan.planFile);
}

type ToApply = Extract<PlannedStack, { kind: "planned" }>;

function isToApply(one: PlannedStack): one is ToApply {
  return one.kind === "planned" && one.plan.hasChanges;
}

function stacksOf(planned: Planned, folder: string | undefined): Promise<readonly ReviewedStack[]> {
  const all = planned.stacks.map(async (one): Promise<ReviewedStack> => {
    const { name, statePath } = one.stack;
    const configuration = planned.configurations.get(name)?.hash ?? "";
    const { version } = await readState(statePath);
    const changes = isToApply(one) ? fingerprint(canonicalText(changesOf(one))) : "";
    const isSaved = folder !== undefined && isToApply(one);
    const file = isSaved ? await fingerprintOf(fileOf(folder, name)) : "";
    return { name, configuration, state: version, changes, file };
  });
  return Promise.all(all);
}

function changesOf({ plan }: ToApply): readonly unknown[] {
  return plan.changes
    .filter(
      ({ mode, change }) => mode === "managed" && change.actions.some((one) => one !== "no-op"),
    )
    .map(({ address, change: { actions, before, after } }) => ({ address, actions, before, after }))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

function besideOf({ orphans, repairs }: PlanSummary): string {
  return fingerprint(canonicalText({ orphans, repairs }));
}

function sealed(plan: Omit<ReviewedPlan, "hash">): ReviewedPlan {
  return { ...plan, hash: fingerprint(canonicalText(plan)) };
}

function fileOf(folder: string, stack: string): string {
  return join(folder, `${stack}.tfplan`);
}

async function fingerprintOf(file: string): Promise<string> {
  return fingerprint(await readFile(file));
}

function fingerprint(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function damaged(folder: string): Diagnostic {
  return {
    id: "reviewed-plan-damaged",
    severity: "error",
    what: `${folder} holds no reviewed plan, or not as it was written`,
    why: "what is applied must be what was reviewed, to the last byte",
    fix: "make it anew (simpul plan --out DIR), and review that",
  };
}
