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

export interface NameServiceProps {
  readonly plan: KabupatenPlan;
  readonly server: ServerPlan;
  readonly carrier: ConfigCarrier;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A Knot server, primary or secondary: journal and keys on a volume of its own, secrets on a volume that no state knows the content of. */
export class NameServer extends Construct {
  readonly container: Container;

  constructor(
    context: StackContext,
    props: NameServiceProps & { readonly secrets: SecretsVolume },
  ) {
    const { plan, server, carrier, secrets, dependsOn } = props;
    super(context.scope, `name-server-${server.name}`);
    const { volume, volumeName } = sizedVolume(this, context, {
      role: "name-server",
      name: server.name,
      sizeBytes: NAME_SERVER_BYTES,
    });
    const definition = {
      ...serverNetwork(plan, server),
      hostname: server.name,
      command: [server.name],
      capabilities: { add: NAME_SERVER_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      ...BOUNDED_ROOT,
      volumes: [
        { volumeName: carrier.volumeName, containerPath: "/etc/simpul", readOnly: true },
        { volumeName, containerPath: "/var/lib/knot" },
        { volumeName: secrets.volumeName, containerPath: "/run/simpul-secrets", readOnly: true },
      ],
    };
    this.container = new Container(this, "container", {
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
      dependsOn: [volume, carrier.container, secrets.step.resource, ...dependsOn],
    });
  }
}

/** The validating resolver that agencies and servers ask. */
export class Resolver extends Construct {
  readonly container: Container;

  constructor(context: StackContext, { plan, server, carrier, dependsOn }: NameServiceProps) {
    super(context.scope, `resolver-${server.name}`);
    const { volume, volumeName } = sizedVolume(this, context, {
      role: "resolver",
      name: server.name,
      sizeBytes: RESOLVER_BYTES,
    });
    const definition = {
      ...serverNetwork(plan, server, plan.dns.asked),
      hostname: server.name,
      command: [server.name],
      capabilities: { add: NAME_SERVER_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      ...BOUNDED_ROOT,
      volumes: [
        { volumeName: carrier.volumeName, containerPath: "/etc/simpul", readOnly: true },
        { volumeName, containerPath: "/var/lib/unbound" },
      ],
    };
    this.container = new Container(this, "container", {
      ...identity(context, "resolver", server.name, definition),
      ...definition,
      image: imageId(context, "resolver"),
      memory: 256,
      memorySwap: 256,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      destroyGraceSeconds: 5,
      dependsOn: [volume, carrier.container, ...dependsOn],
    });
  }
}

/** Above what Knot's databases may grow to (modules/render/knot.ts). */
const NAME_SERVER_BYTES = 160 * 2 ** 20;

/** Copies of our zones. */
const RESOLVER_BYTES = 64 * 2 ** 20;

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
