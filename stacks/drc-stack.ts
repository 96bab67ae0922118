import { Replica } from "../modules/constructs/replica.ts";
import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import { Vps } from "../modules/constructs/vps.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { atDrc, EDGE, NAME_SERVICE } from "../modules/plan/part-names.ts";
import { backupAtDrc } from "./backup-stack.ts";
import { databasePart } from "./database-part.ts";
import { edgePart } from "./edge-part.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import { nameServicePart } from "./name-service-part.ts";
import { routedPart } from "./routed-part.ts";
import { voterPart } from "./voter-part.ts";

/** The DRC: its name server, resolver and edge at work, and the standbys of servers, made ready and stopped. */
export function drcStack(
  context: StackContext,
  plan: KabupatenPlan,
  options: SynthesisOptions,
): void {
  const part = routedPart(context, plan);
  const { segments, routers } = part;
  voterPart(context, plan, options, part);
  const behind = (name: string) => [segments.get(name)!.network, routers.get(name)!.container];
  nameServicePart(context, plan, options.dns, behind(atDrc(NAME_SERVICE)));
  if (plan.edge && options.edge)
    edgePart(context, plan, plan.edge, options.edge, behind(atDrc(EDGE)));
  if (plan.backup && options.backup?.drc)
    backupAtDrc(context, plan, plan.backup, part, options.backup.drc);
  const standbys = (plan.drc?.standbys ?? []).map(
    (standby) =>
      new Vps(context, {
        plan,
        vps: standby,
        authority: options.authority,
        standby: { image: options.running?.get(standby.standsFor) },
        ...databasePart(plan, options, standby.name),
        dependsOn: behind(standby.segment),
      }),
  );
  const replica = plan.drc?.replica;
  if (replica === undefined || options.replica === undefined) return;
  const secrets = new SecretsVolume(context, "replica-drc", "replica", options.replica.copier);
  new Replica(context, "fetch", {
    plan,
    replica,
    secrets,
    dependsOn: [...behind(replica.copier.segment), ...standbys.map(({ volume }) => volume)],
  });
}
