import { Vps } from "../modules/constructs/vps.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import { serversOnEngines } from "../modules/plan/colocation-plan.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { databasePart } from "./database-part.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import { routedPart } from "./routed-part.ts";

/** The Pusat Data: each tenant's segment behind its gateway, and its servers on it. */
export function pusatDataStack(
  context: StackContext,
  plan: KabupatenPlan,
  options: SynthesisOptions,
): void {
  const { segments, routers } = routedPart(context, plan);
  for (const vps of serversOnEngines(plan).filter(({ stack }) => stack === context.stack)) {
    const segment = segments.get(vps.segment)!;
    const gateway = routers.get(vps.segment)!;
    new Vps(context, {
      plan,
      vps,
      authority: options.authority,
      ...databasePart(plan, options, vps.name),
      dependsOn: [segment.network, gateway.container],
    });
  }
}
