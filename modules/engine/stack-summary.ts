import type { EngineObject } from "./docker-objects.ts";
import { thing, matter } from "./drift-words.ts";
import {
  stackHead,
  summariseChanges,
  summarisePlan,
  type ChangeSummary,
  type PlanSummary,
} from "./plan-summary.ts";
import { roleOf, type Describe } from "./plan-summary-words.ts";
import type { Planned, PlannedStack } from "./stack-plans.ts";

/** What the plans of all stacks come to, in the words of the inventory. */
export function summarise(kabupaten: string, planned: Planned, describe: Describe): PlanSummary {
  const containers = [...planned.observation.containers.values()];
  const running = new Set(
    containers
      .filter(({ State }) => State.Status === "running")
      .map(({ Name }) => Name.replace(/^\//, "")),
  );
  const stacks = planned.stacks.map((one) => {
    const head = { ...stackHead(one.stack), containers: containersOf(one) };
    if (one.kind === "unchanged") return { ...head, outcome: one.kind, changes: [], reasons: [] };
    if (one.kind === "failed")
      return { ...head, outcome: one.kind, changes: [], reasons: one.failure.reasons };
    const outcome = one.plan.hasChanges ? ("changes" as const) : ("no-changes" as const);
    const changes = summariseChanges(one.plan.changes, describe, planned.making, running);
    return { ...head, outcome, changes: changes.map(asWanted(planned.again)), reasons: [] };
  });
  const names = (objects: readonly EngineObject[]) => objects.map(({ name }) => name).toSorted();
  const { remove, serving, adopt, leave } = planned.orphans;
  const adopted = [...adopt.values()].flatMap((addresses) => [...addresses.keys()]).toSorted();
  const repairs = planned.deviations
    .filter(({ healing }) => healing === "live")
    .map((deviation) => {
      const { stack, role, name } = deviation;
      return {
        stack,
        role,
        name,
        what: `${thing(deviation, { describe })} ${matter(deviation, kabupaten)}`,
      };
    });
  return summarisePlan(
    kabupaten,
    stacks,
    {
      remove: names(remove),
      serving: serving.map(({ labels: { stack, role, name } }) => ({ stack, role, name })),
      adopt: adopted,
      leave: names(leave),
    },
    repairs,
  );
}

/** Of a server that somebody wants anew, no fault is the reason. */
function asWanted(again: ReadonlySet<string>) {
  return (change: ChangeSummary): ChangeSummary =>
    change.action === "replace" && again.has(`${change.role}/${change.name}`)
      ? { ...change, because: ["from the present image; its volume, host keys and addresses stay"] }
      : change;
}

/** Those of its state that run for good. */
function containersOf(one: PlannedStack): number {
  if (one.kind !== "planned") return 0;
  return one.plan.changes.filter(
    ({ type, mode, change }) =>
      type === "docker_container" &&
      mode === "managed" &&
      change.before !== null &&
      roleOf(change.before) !== "config",
  ).length;
}
