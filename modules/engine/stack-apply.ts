import type { Diagnostic } from "../core/diagnostic.ts";
import { removeObjects } from "./docker-objects.ts";
import type { Progress } from "./progress.ts";
import { recordApplied, recordBegun, recordPart } from "./stack-applied.ts";
import { APPLIES_AT_ONCE, type Planned, type PlannedStack, type StackRun } from "./stack-plans.ts";
import { schedule, type Fate } from "./stack-schedule.ts";
import { readState } from "./stack-state.ts";
import { keepCopy } from "./state-recovery.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { applyPlan, nameIn, stepsOf } from "./terraform-apply.ts";
import type { TerraformEvent } from "./terraform-events.ts";
import { INTERRUPTED, reasonFromText, type StackFailure } from "./terraform-failure.ts";
import type { TerraformPlan } from "./terraform-plan.ts";

/** What became of one stack. */
export interface StackOutcome {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly outcome: "applied" | "unchanged" | "failed" | "not-tried";
  /** Why it failed, or which stacks it waited for. */
  readonly reasons: readonly string[];
  /** Last lines of the containers that refused, as `name: line`. */
  readonly log: readonly string[];
}

/** How long a container that may hold somebody's work gets to end, when a leftover is removed. */
const GRACE_SECONDS = 10;

/** Errors for the saved plans that were made on a state which is no longer there. Nothing may be applied then. */
export async function stalePlans({ stacks }: Planned): Promise<readonly Diagnostic[]> {
  const checked = stacks.map(async (one): Promise<readonly Diagnostic[]> => {
    if (one.kind !== "planned") return [];
    const { version } = await readState(one.stack.statePath);
    return version === one.plan.stateVersion ? [] : [stale(one.stack)];
  });
  return (await Promise.all(checked)).flat();
}

function stale({ name }: StackToRun): Diagnostic {
  return {
    id: "plan-stale",
    severity: "error",
    what: `stack ${name} was changed by something else after it was planned`,
    why: "only what was shown is applied, and what was shown no longer fits",
    fix: "run the same command again: it plans anew",
  };
}

/**
 * Applies exactly the saved plans, in the order of needs, after removing what a cut-off run left behind. A stack that
 * fails stops only those that need it.
 */
export async function applyStacks(
  run: StackRun,
  planned: Planned,
): Promise<readonly StackOutcome[]> {
  if (run.interrupt?.aborted !== true)
    await removeObjects(run.engine, planned.orphans.remove, GRACE_SECONDS);
  // The longest first, where the order is free: a large one that begins last is waited for alone.
  const items = planned.stacks
    .map((one) => ({ name: one.stack.name, needs: one.stack.needs, one }))
    .toSorted((a, b) => lengthOf(b.one) - lengthOf(a.one));
  const total = planned.stacks.reduce((sum, one) => sum + lengthOf(one), 0);
  run.progress.begin("applying", total);
  const fates = await schedule(items, {
    limit: APPLIES_AT_ONCE,
    work: ({ one }) => applyOne(run, one),
    succeeded: (failure) => failure === undefined,
    interrupt: run.interrupt,
  });
  run.progress.end();
  return Promise.all(planned.stacks.map((one) => outcomeOf(run, one, fates.get(one.stack.name))));
}

function lengthOf(one: PlannedStack): number {
  return one.kind === "planned" ? stepsOf(one.plan) : 0;
}

async function applyOne(run: StackRun, one: PlannedStack): Promise<StackFailure | undefined> {
  if (one.kind === "failed") return one.failure;
  if (one.kind === "unchanged" || !one.plan.hasChanges) return undefined;
  const { stack, plan } = one;
  const began = Date.now();
  run.progress.note(`${stack.name}: begins, ${stepsOf(plan)} steps`);
  const failure =
    (await begin(stack, plan)) ??
    (await applyPlan(run.terraform, stack, plan, {
      onEvent: (event) => showEvent(run.progress, stack, plan, event),
      interrupt: run.interrupt,
    }));
  // What is done is done, recorded or not: without a record the next run asks terraform once more.
  await keepCopy(stack.statePath).catch(() => {});
  if (failure === undefined)
    await (
      plan.partial
        ? recordPart(stack)
        : recordApplied(stack, plan.configuration, await readState(stack.statePath))
    ).catch(() => {});
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  run.progress.note(
    `${stack.name}: ${failure === undefined ? "done" : "FAILED"} after ${seconds} s`,
  );
  return failure;
}

/** Notes what is going to be made; where not even that can be written, nothing is made. */
async function begin(stack: StackToRun, plan: TerraformPlan): Promise<StackFailure | undefined> {
  return recordBegun(stack, containersMadeBy(plan)).then(
    () => undefined,
    (error: Error) => ({ reasons: [reasonFromText(error.message)], refusedBy: [] }),
  );
}

/** Names of the containers that this plan makes, anew or for the first time. */
function containersMadeBy({ changes }: TerraformPlan): readonly string[] {
  return changes
    .filter(({ type, change }) => type === "docker_container" && change.actions.includes("create"))
    .flatMap(({ change }) => change.after?.name ?? []);
}

function showEvent(
  progress: Progress,
  stack: StackToRun,
  plan: TerraformPlan,
  event: TerraformEvent,
): void {
  if (event.kind !== "begun" && event.kind !== "done") return;
  const text = `${stack.name}, ${nameIn(plan, event.address) ?? event.address}`;
  if (event.kind === "done") progress.step(text);
  else progress.at(text);
}

async function outcomeOf(
  run: StackRun,
  one: PlannedStack,
  fate: Fate<StackFailure | undefined> | undefined,
): Promise<StackOutcome> {
  const { id, name, title } = one.stack;
  const head = { id, name, title, log: [] };
  // Nothing had to be done, whatever became of the stacks it needs.
  if (one.kind === "unchanged" || (one.kind === "planned" && !one.plan.hasChanges))
    return { ...head, outcome: "unchanged", reasons: [] };
  if (fate === undefined || fate.kind === "not-tried") {
    const because = fate?.because ?? [];
    return {
      ...head,
      outcome: "not-tried",
      reasons: because.length > 0 ? because : [INTERRUPTED],
    };
  }
  if (fate.result !== undefined) {
    const logs = await Promise.all(
      fate.result.refusedBy.map((container) => lastWords(run, container)),
    );
    return { ...head, outcome: "failed", reasons: fate.result.reasons, log: logs.flat() };
  }
  return { ...head, outcome: "applied", reasons: [] };
}

/** The end of a container's log: for a carrier, what the real parser said about the text. */
async function lastWords({ engine }: StackRun, container: string): Promise<readonly string[]> {
  const { stdout, stderr } = await engine.run(["docker", "logs", "--tail", "20", container]);
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-20).map((line) => `${container}: ${line}`);
}
