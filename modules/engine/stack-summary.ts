import type { EngineObject } from "./docker-objects.ts";
import { stackHead, summariseChanges, summarisePlan, type PlanSummary } from "./plan-summary.ts";
import type { Describe } from "./plan-summary-words.ts";
import type { Planned } from "./stack-plans.ts";

/** What the plans of all stacks come to, in the words of the inventory. */
export function summarise(kabupaten: string, planned: Planned, describe: Describe): PlanSummary {
  const stacks = planned.stacks.map((one) => {
    const head = stackHead(one.stack);
    if (one.kind === "unchanged") return { ...head, outcome: one.kind, changes: [], reasons: [] };
    if (one.kind === "failed")
      return { ...head, outcome: one.kind, changes: [], reasons: one.failure.reasons };
    const outcome = one.plan.hasChanges ? ("changes" as const) : ("no-changes" as const);
    const changes = summariseChanges(one.plan.changes, describe, planned.making);
    return { ...head, outcome, changes, reasons: [] };
  });
  const names = (objects: readonly EngineObject[]) => objects.map(({ name }) => name).toSorted();
  const { remove, serving, adopt, leave } = planned.orphans;
  const adopted = [...adopt.values()].flatMap((addresses) => [...addresses.keys()]).toSorted();
  return summarisePlan(kabupaten, stacks, {
    remove: names(remove),
    serving: serving.map(({ labels: { stack, role, name } }) => ({ stack, role, name })),
    adopt: adopted,
    leave: names(leave),
  });
}
