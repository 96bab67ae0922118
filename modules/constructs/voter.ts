import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { Construct, Container, Volume, type ITerraformDependable } from "./cdktf.ts";
import { LOG_LIMITS } from "./router.ts";
import type { SecretsVolume } from "./secrets-volume.ts";
import { serverNetwork } from "./server.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface VoterProps {
  readonly plan: KabupatenPlan;
  readonly voter: ServerPlan;
  readonly secrets: SecretsVolume;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** One of three that say which site's database is primary. Its volume is its memory: what it granted it must not forget. */
export class Voter extends Construct {
  constructor(context: StackContext, { plan, voter, secrets, dependsOn }: VoterProps) {
    super(context.scope, `voter-${voter.name}`);
    const volumeName = engineName({ kabupaten: plan.name, role: "voter", name: voter.name });
    const volume = new Volume(this, "volume", identity(context, "voter", voter.name, {}));
    const definition = {
      ...serverNetwork(plan, voter),
      hostname: voter.name,
      capabilities: { add: ["CAP_NET_ADMIN"], drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [
        { volumeName, containerPath: "/var/lib/simpul-voter" },
        { volumeName: secrets.volumeName, containerPath: "/run/simpul-secrets", readOnly: true },
      ],
    };
    new Container(this, "container", {
      ...identity(context, "voter", voter.name, definition),
      ...definition,
      image: imageId(context, "voter"),
      memory: 64,
      memorySwap: 64,
      cpuShares: 4096,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      destroyGraceSeconds: 5,
      dependsOn: [volume, secrets.step.resource, ...dependsOn],
    });
  }
}
