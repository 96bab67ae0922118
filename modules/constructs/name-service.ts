import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { Construct, Container, Volume, type ITerraformDependable } from "./cdktf.ts";
import type { ConfigCarrier } from "./config-carrier.ts";
import { HostStep } from "./host-step.ts";
import { LOG_LIMITS } from "./router.ts";
import { serverNetwork } from "./server.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface NameServiceProps {
  readonly plan: KabupatenPlan;
  readonly server: ServerPlan;
  readonly carrier: ConfigCarrier;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A Knot server, primary or secondary: journal and keys on a volume of its own, secrets on a volume that no state knows the content of. */
export class NameServer extends Construct {
  constructor(
    context: StackContext,
    props: NameServiceProps & { readonly secrets: SecretsVolume },
  ) {
    const { plan, server, carrier, secrets, dependsOn } = props;
    super(context.scope, `name-server-${server.name}`);
    const data = new Volume(this, "data", identity(context, "name-server", server.name, {}));
    const dataName = engineName({ ...context, role: "name-server", name: server.name });
    const definition = {
      ...serverNetwork(plan, server),
      hostname: server.name,
      command: [server.name],
      capabilities: { add: NAME_SERVER_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [
        { volumeName: carrier.volumeName, containerPath: "/etc/simpul", readOnly: true },
        { volumeName: dataName, containerPath: "/var/lib/knot" },
        { volumeName: secrets.volumeName, containerPath: "/run/simpul-secrets", readOnly: true },
      ],
    };
    new Container(this, "container", {
      ...identity(context, "name-server", server.name, definition),
      ...definition,
      image: imageId(context, "name-server"),
      memory: 256,
      memorySwap: 256,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      stopTimeout: 10,
      destroyGraceSeconds: 10,
      dependsOn: [data, carrier.container, secrets.step.resource, ...dependsOn],
    });
  }
}

/** The validating resolver that agencies and servers ask. */
export class Resolver extends Construct {
  constructor(context: StackContext, { plan, server, carrier, dependsOn }: NameServiceProps) {
    super(context.scope, `resolver-${server.name}`);
    const definition = {
      ...serverNetwork(plan, server),
      hostname: server.name,
      command: [server.name],
      capabilities: { add: NAME_SERVER_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [{ volumeName: carrier.volumeName, containerPath: "/etc/simpul", readOnly: true }],
    };
    new Container(this, "container", {
      ...identity(context, "resolver", server.name, definition),
      ...definition,
      image: imageId(context, "resolver"),
      memory: 256,
      memorySwap: 256,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      destroyGraceSeconds: 5,
      dependsOn: [carrier.container, ...dependsOn],
    });
  }
}

/** A volume that a host step fills from the secrets' folder: nothing of it is in state, plan or logs. */
export class SecretsVolume extends Construct {
  readonly volumeName: string;
  readonly step: HostStep;

  constructor(
    context: StackContext,
    name: string,
    from: { readonly directory: string; readonly fingerprint: string },
  ) {
    super(context.scope, `secrets-${name}`);
    const own = `${name}-secrets`;
    const volume = new Volume(this, "volume", identity(context, "config", own, {}));
    this.volumeName = engineName({ ...context, role: "config", name: own });
    const image = imageId(context, "name-server");
    this.step = new HostStep(context, {
      id: `secrets-${name}-fill`,
      args: ["secrets", this.volumeName, "--from", from.directory, "--image", image],
      triggers: [volume.id, from.fingerprint, image],
    });
  }
}

/** For the start only: the entrypoint drops them for good but KILL, with which tini passes signals on. DAC_OVERRIDE lets `docker exec … knotc` reach Knot. */
const NAME_SERVER_CAPABILITIES = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_KILL",
  "CAP_NET_ADMIN",
  "CAP_NET_BIND_SERVICE",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
];
