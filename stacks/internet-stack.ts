import { OuterSegment } from "../modules/constructs/outer-segment.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan, OuterSegmentPlan } from "../modules/plan/kabupaten-plan.ts";
import { routedPart } from "./routed-part.ts";

/** The exit: the one router that stands on the provider's segment. A failure domain: without it all else goes on. */
export function internetStack(
  context: StackContext,
  plan: KabupatenPlan,
  outer: OuterSegmentPlan,
): void {
  const segment = new OuterSegment(context, outer);
  routedPart(context, plan, [segment.network]);
}
