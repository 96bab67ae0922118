import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { routedPart } from "./routed-part.ts";

/** The name service: hidden primary, public secondary and resolver behind a gateway of their own. */
export function dnsStack(context: StackContext, plan: KabupatenPlan): void {
  routedPart(context, plan);
}
