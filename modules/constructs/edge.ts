import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { BOUNDED_ROOT } from "./bounds.ts";
import { Construct, Container, type ITerraformDependable } from "./cdktf.ts";
import type { ConfigCarrier } from "./config-carrier.ts";
import { LOG_LIMITS } from "./router.ts";
import type { SecretsVolume } from "./secrets-volume.ts";
import { serverNetwork } from "./server.ts";
import { sizedVolume } from "./sized-volume.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface EdgeProps {
  readonly plan: KabupatenPlan;
  readonly server: ServerPlan;
  readonly carrier: ConfigCarrier;
  readonly secrets: SecretsVolume;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The HAProxy that answers published names. Configuration and certificates change without a restart. */
export class Edge extends Construct {
  readonly container: Container;

  constructor(context: StackContext, { plan, server, carrier, secrets, dependsOn }: EdgeProps) {
    super(context.scope, `edge-${server.name}`);
    const { volume, volumeName } = sizedVolume(this, context, {
      role: "edge",
      name: server.name,
      sizeBytes: STATE_BYTES,
    });
    const definition = {
      ...serverNetwork(plan, server, plan.edge?.asked),
      hostname: server.name,
      command: [server.name],
      capabilities: { add: EDGE_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      ...BOUNDED_ROOT,
      volumes: [
        { volumeName, containerPath: "/var/lib/simpul" },
        { volumeName: carrier.volumeName, containerPath: "/etc/simpul", readOnly: true },
        { volumeName: secrets.volumeName, containerPath: "/run/simpul-secrets", readOnly: true },
      ],
    };
    this.container = new Container(this, "container", {
      ...identity(context, "edge", server.name, definition),
      ...definition,
      image: imageId(context, "edge"),
      memory: 512,
      memorySwap: 512,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      stopTimeout: 30,
      destroyGraceSeconds: 30,
      dependsOn: [volume, carrier.container, secrets.step.resource, ...dependsOn],
    });
  }
}

/** Two sets of configuration and certificates: some kilobytes for each name. */
const STATE_BYTES = 32 * 2 ** 20;

/** For the start only: the entrypoint drops them for good but KILL, with which tini passes signals on. */
const EDGE_CAPABILITIES = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_KILL",
  "CAP_NET_ADMIN",
  "CAP_NET_BIND_SERVICE",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
];
