import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { NAME_SERVICE } from "../modules/plan/part-names.ts";
import type { DnsSecrets } from "./dns-secrets.ts";
import { nameServicePart } from "./name-service-part.ts";
import { routedPart } from "./routed-part.ts";

/** The name service of the Pusat Data: hidden primary, public secondary and resolver behind a gateway of their own. */
export function dnsStack(context: StackContext, plan: KabupatenPlan, secrets: DnsSecrets): void {
  const { segments, routers } = routedPart(context, plan);
  const dependsOn = [segments.get(NAME_SERVICE)!.network, routers.get(NAME_SERVICE)!.container];
  nameServicePart(context, plan, secrets, dependsOn);
}
