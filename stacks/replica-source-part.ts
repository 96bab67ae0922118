import { Replica } from "../modules/constructs/replica.ts";
import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import type { RoutedPart } from "./routed-part.ts";

/** The sending end of the copies of volumes, beside the backup server of the Pusat Data. */
export function replicaSourcePart(
  context: StackContext,
  plan: KabupatenPlan,
  options: SynthesisOptions,
  { segments, routers }: RoutedPart,
): void {
  const replica = plan.drc?.replica;
  if (replica === undefined || options.replica === undefined) return;
  const { segment } = replica.source;
  const secrets = new SecretsVolume(context, "replica-source", "replica", options.replica.source);
  const dependsOn = [segments.get(segment)!.network, routers.get(segment)!.container];
  new Replica(context, "send", { plan, replica, secrets, dependsOn });
}
