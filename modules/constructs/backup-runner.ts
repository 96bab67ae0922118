import { engineName } from "../plan/engine-names.ts";
import type { RepositoryPlan, RunnerPlan } from "../plan/backup-plan.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { DualAddress } from "../core/dual.ts";
import {
  agentSettings,
  copierSettings,
  readsLayer,
  settingLines,
} from "../render/backup-runner.ts";
import { Construct, Container, Volume, type ITerraformDependable } from "./cdktf.ts";
import { HostDisk } from "./host-disk.ts";
import { LOG_LIMITS, networkName } from "./router.ts";
import type { SecretsFolder } from "./secrets-folder.ts";
import { serverNetwork } from "./server.ts";
import { identity, imageId, type StackContext } from "./stack-context.ts";

export interface BackupRunnerProps {
  readonly plan: KabupatenPlan;
  readonly repository: RepositoryPlan;
  readonly runner: RunnerPlan;
  readonly secrets: SecretsFolder;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * The agent beside a server: reads its volume, which is read-only here, and sends it to the backup server on whose segment
 * it stands. Its tenant reaches it by nothing but the files of that volume.
 */
export class BackupRunner extends Construct {
  constructor(context: StackContext, props: BackupRunnerProps) {
    const { plan, repository, runner, secrets, dependsOn } = props;
    const { name } = repository;
    super(context.scope, `backup-runner-${name}`);
    const spool = spoolVolume(this, context, repository, runner);
    const [server] = plan.backup!.servers;
    const definition = {
      hostname: name,
      env: settingLines(agentSettings(repository)),
      networkMode: "bridge",
      networksAdvanced: [
        {
          name: networkName(plan, runner.segment),
          ipv4Address: runner.address.ipv4.text,
          ipv6Address: runner.address.ipv6.text,
        },
      ],
      // It knows the one name that it needs, and asks nobody.
      dns: ["127.0.0.1"],
      host: [nameOf(server!.hostname, server!.address)],
      sysctls: { "net.ipv6.conf.default.accept_dad": "0" },
      command: ["runner"],
      capabilities: { add: RUNNER_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=192m" },
      volumes: [{ volumeName: runner.spool.name, containerPath: "/backup" }],
      mounts: [
        // Not by the Docker volume, which could then not go before the agent does. What is missing is no empty folder.
        readOnly(`${MOUNTS}/${runner.source}/data`, "/backup/files"),
        ...(readsLayer(repository)
          ? [readOnly(`${MOUNTS}/${runner.source}/root`, "/backup/layer")]
          : []),
        readOnly(secrets.pathOf(name), "/run/simpul-secrets"),
      ],
    };
    new Container(this, "container", {
      ...identity(context, "backup-runner", name, definition),
      ...definition,
      ...LIMITS,
      image: imageId(context, "backup-runner"),
      dependsOn: [spool, secrets.resource, ...dependsOn],
    });
  }
}

/** Without databases it holds manifests alone, which the files of the server's disk bound. */
function spoolVolume(
  scope: Construct,
  context: StackContext,
  { name, databases }: RepositoryPlan,
  { spool }: RunnerPlan,
): ITerraformDependable {
  if (databases.length > 0)
    return new HostDisk(context, { role: "backup-runner", volume: spool }).volume;
  return new Volume(scope, "spool", identity(context, "backup-runner", name, {}));
}

export interface BackupCopierProps {
  readonly plan: KabupatenPlan;
  readonly secrets: SecretsFolder;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** At the DRC: fetches every repository from the Pusat Data's server into the DRC's. */
export class BackupCopier extends Construct {
  constructor(context: StackContext, { plan, secrets, dependsOn }: BackupCopierProps) {
    const { copier, servers } = plan.backup!;
    if (copier === undefined) throw new Error("the plan copies nothing to the DRC");
    super(context.scope, `backup-copier-${copier.name}`);
    const spool = new Volume(this, "spool", identity(context, "backup-runner", copier.name, {}));
    const network = serverNetwork(plan, copier);
    const definition = {
      ...network,
      hostname: copier.name,
      env: [...network.env, ...settingLines(copierSettings(copier))],
      // The server beside it by its place on the segment, the other by its service address; also while no resolver answers.
      host: servers.map(({ site, hostname, address, service }) =>
        nameOf(hostname, site === "drc" ? address : service),
      ),
      command: ["copier"],
      capabilities: { add: COPIER_CAPABILITIES, drop: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      readOnly: true,
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=192m" },
      volumes: [
        {
          volumeName: engineName({ ...context, role: "backup-runner", name: copier.name }),
          containerPath: "/backup",
        },
      ],
      mounts: [readOnly(secrets.pathOf("copier"), "/run/simpul-secrets")],
    };
    new Container(this, "container", {
      ...identity(context, "backup-runner", copier.name, definition),
      ...definition,
      ...LIMITS,
      image: imageId(context, "backup-runner"),
      dependsOn: [spool, secrets.resource, ...dependsOn],
    });
  }
}

/** A folder of the engine's host, which must be there when the container starts. */
function readOnly(source: string, target: string) {
  return { type: "bind", source, target, readOnly: true };
}

/** Where `simpul host volume` mounts the size-limited volumes of an engine's host. */
const MOUNTS = "/var/lib/simpul/mounts";

/** By IPv4 alone: the provider cuts what it reads back at each colon, and would make the container anew each time. */
function nameOf(host: string, { ipv4 }: DualAddress) {
  return { host, ip: ipv4.text };
}

/** Backups wait for whoever works: a small share when all want the processors, and never more than one of them. */
const LIMITS = {
  memory: 1024,
  memorySwap: 1024,
  cpuShares: 128,
  logDriver: "json-file",
  logOpts: LOG_LIMITS,
  restart: "unless-stopped",
  stopTimeout: 15,
  destroyGraceSeconds: 15,
};

/**
 * Reads every file, whoever owns it; asks a database as its own user. KILL: tini, and what runs as another user. Not by
 * DAC_READ_SEARCH, with which a file of the host can be opened by its number, past every mount.
 */
const RUNNER_CAPABILITIES = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_KILL",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
];

/** For the start only: the entrypoint drops them for good. */
const COPIER_CAPABILITIES = [
  "CAP_KILL",
  "CAP_NET_ADMIN",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
];
