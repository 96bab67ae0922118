import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import { Voter } from "../modules/constructs/voter.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import type { RoutedPart } from "./routed-part.ts";

/** The voters that stand in a stack: one each at the Pusat Data, the DRC and a POP, three failure domains. */
export function voterPart(
  context: StackContext,
  plan: KabupatenPlan,
  { failover }: SynthesisOptions,
  { segments, routers }: RoutedPart,
): void {
  const standing = (plan.failover?.voters ?? []).filter(({ stack }) => stack === context.stack);
  if (failover === undefined) return;
  for (const voter of standing) {
    const secrets = new SecretsVolume(context, voter.name, "voter", failover.voters);
    const dependsOn = [segments.get(voter.segment)!.network, routers.get(voter.segment)!.container];
    new Voter(context, { plan, voter, secrets, dependsOn });
  }
}
