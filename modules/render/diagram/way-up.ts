import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";

/** One step towards the core: a router, the segment, and who is called on it. */
export interface Step {
  readonly lower: RouterPlan;
  readonly segment: string;
  readonly upper: RouterPlan;
}

/** All steps from a router up to where nobody has a way further up; each once, the nearest first. */
export function wayUp(plan: KabupatenPlan, start: RouterPlan): readonly Step[] {
  const steps: Step[] = [];
  const seen = new Set([start]);
  // Grows while it is gone through: uppers are looked at in their turn.
  for (const lower of seen)
    for (const { router, segment } of lower.uplinks) {
      const upper = plan.routers.find((each) => each.role === "router" && each.name === router);
      if (upper === undefined) throw new Error(`${lower.name} calls ${router}, which is not there`);
      steps.push({ lower, segment, upper });
      seen.add(upper);
    }
  return steps;
}
