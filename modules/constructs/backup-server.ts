import { engineName } from "../plan/engine-names.ts";
import type { BackupServerPlan, RepositoryVolume } from "../plan/backup-plan.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import { Construct, Container, type ITerraformDependable } from "./cdktf.ts";
import { HostDisk } from "./host-disk.ts";
import { LOG_LIMITS } from "./router.ts";
import type { SecretsFolder } from "./secrets-folder.ts";
import { serverNetwork } from "./server.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface BackupServerProps {
  readonly plan: KabupatenPlan;
  readonly server: BackupServerPlan;
  /** By repository. */
  readonly repositories: ReadonlyMap<string, RepositoryVolume>;
  readonly secrets: SecretsFolder;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * An append-only server for all repositories of its site. Each is a volume of its own that the host shows in the server's
 * folder, and each user is a line of a file that it reads again: a new one restarts nobody.
 */
export class BackupServer extends Construct {
  readonly container: Container;

  constructor(context: StackContext, props: BackupServerProps) {
    const { plan, server, repositories, secrets, dependsOn } = props;
    super(context.scope, `backup-server-${server.name}`);
    const group = engineName({ ...context, role: "backup-server", name: server.name });
    const disks = [...repositories].map(
      ([name, volume]) =>
        new HostDisk(context, {
          role: "backup-server",
          volume,
          shown: { group, name },
        }),
    );
    const definition = {
      ...serverNetwork(plan, server),
      hostname: server.name,
      command: [String(server.port)],
      capabilities: { add: CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=16m" },
      mounts: [
        {
          type: "bind",
          source: secrets.pathOf("server"),
          target: "/run/simpul-secrets",
          readOnly: true,
        },
        {
          type: "bind",
          source: `/var/lib/simpul/repositories/${group}`,
          target: "/srv/repositories",
          bindOptions: { propagation: "rslave" },
        },
      ],
    };
    this.container = new Container(this, "container", {
      ...identity(context, "backup-server", server.name, definition),
      ...definition,
      image: imageId(context, "backup-server"),
      memory: 512,
      memorySwap: 512,
      logDriver: "json-file",
      logOpts: LOG_LIMITS,
      restart: "unless-stopped",
      stopTimeout: 30,
      destroyGraceSeconds: 30,
      dependsOn: [secrets.resource, ...disks.map(({ volume }) => volume), ...dependsOn],
    });
  }
}

/** For the start only: the entrypoint drops them for good but KILL, with which tini passes signals on. */
const CAPABILITIES = ["CAP_KILL", "CAP_NET_ADMIN", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID"];
