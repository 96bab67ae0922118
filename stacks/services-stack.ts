import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { EdgePlan } from "../modules/plan/edge-plan.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { EDGE } from "../modules/plan/part-names.ts";
import type { EdgeSecrets } from "./edge-secrets.ts";
import { edgePart } from "./edge-part.ts";
import { routedPart } from "./routed-part.ts";

/** The edge that answers published names, behind a gateway of its own. */
export function servicesStack(
  context: StackContext,
  plan: KabupatenPlan,
  edge: EdgePlan,
  certificates: EdgeSecrets,
): void {
  const { segments, routers } = routedPart(context, plan);
  const dependsOn = [segments.get(EDGE)!.network, routers.get(EDGE)!.container];
  edgePart(context, plan, edge, certificates, dependsOn);
}
