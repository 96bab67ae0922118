import { REPLICA_PORT } from "../plan/part-names.ts";
import type { ReplicaPlan } from "../plan/drc-plan.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { Construct, Container, type ITerraformDependable } from "./cdktf.ts";
import { LOG_LIMITS } from "./router.ts";
import type { SecretsVolume } from "./secrets-volume.ts";
import { serverNetwork } from "./server.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface ReplicaProps {
  readonly plan: KabupatenPlan;
  readonly replica: ReplicaPlan;
  readonly secrets: SecretsVolume;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** One end of the copies of volumes: `send` reads servers' volumes, `fetch` writes to those of their standbys. */
export class Replica extends Construct {
  constructor(
    context: StackContext,
    end: "send" | "fetch",
    { plan, replica, secrets, dependsOn }: ReplicaProps,
  ) {
    const server = end === "send" ? replica.source : replica.copier;
    super(context.scope, `replica-${server.name}`);
    const definition = {
      ...serverNetwork(plan, server),
      hostname: server.name,
      command: end === "send" ? ["send"] : fetchWords(replica),
      capabilities: { add: end === "send" ? SENDER : FETCHER, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [
        ...replica.volumes.map(({ server: name, from, to }) =>
          end === "send"
            ? { volumeName: from, containerPath: `/volumes/${name}`, readOnly: true }
            : { volumeName: to, containerPath: `/standbys/${name}` },
        ),
        { volumeName: secrets.volumeName, containerPath: "/run/simpul-secrets", readOnly: true },
      ],
    };
    new Container(this, "container", {
      ...identity(context, "backup-runner", server.name, definition),
      ...definition,
      image: imageId(context, "replica"),
      memory: 256,
      memorySwap: 256,
      // Whom people wait for goes first.
      cpuShares: 128,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      stopTimeout: 10,
      destroyGraceSeconds: 10,
      dependsOn: [secrets.step.resource, ...dependsOn],
    });
  }
}

/** As `known_hosts` names the sending end. */
export function sourceHost({ service }: ServerPlan): string {
  return `[${service.ipv4.text}]:${REPLICA_PORT}`;
}

function fetchWords({ everySeconds, source, volumes }: ReplicaPlan): string[] {
  const servers = volumes.map(({ server, leftOut }) =>
    leftOut === undefined ? server : `${server}:${leftOut}`,
  );
  return ["fetch", String(everySeconds), source.service.ipv4.text, ...servers];
}

/** For the start, NET_ADMIN and SETPCAP, which the entrypoint gives up; for sshd, and to read what is others'. */
const SENDER = [
  "CAP_DAC_OVERRIDE",
  "CAP_KILL",
  "CAP_NET_ADMIN",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_CHROOT",
];
/** The same, and to leave files their owners. */
const FETCHER = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_NET_ADMIN",
  "CAP_SETPCAP",
];
