import { setTimeout } from "node:timers/promises";

import { buildKabupatenLab, KABUPATEN, type KabupatenLab, type Said } from "./kabupaten-lab.ts";

/** What an agent says of itself (images/backup-runner/status.sh). */
export interface AgentStatus {
  readonly running: boolean;
  readonly ok?: boolean | null;
  readonly reason?: string | null;
  readonly message?: string | null;
  readonly changed?: number;
  readonly leftOut?: number;
  readonly attempts?: number;
  readonly last?: { readonly snapshot: string; readonly live: string };
  readonly repositories?: Readonly<
    Record<string, { readonly ok?: boolean; readonly running?: boolean }>
  >;
}

/** What differs between the servers of the lab. */
export interface VpsRequest {
  readonly owner: string;
  readonly image: string;
  /** Of the repository. */
  readonly size?: string;
  readonly drc?: string;
}

export interface Snapshot {
  readonly id: string;
  /** Of the snapshot that it is a copy of. */
  readonly original?: string;
  readonly tags: readonly string[];
  readonly paths: readonly string[];
}

/** The kabupaten of the tests with a core at the DRC, a web server and a database, deployed with its backups. */
export class BackupLab {
  private constructor(readonly lab: KabupatenLab) {}

  static async deploy(): Promise<BackupLab> {
    return BackupLab.deployIn(await buildKabupatenLab());
  }

  /** The same in a kabupaten of the tests that somebody else removes. */
  static async deployIn(
    lab: KabupatenLab,
    settings: Pick<VpsRequest, "size"> = {},
  ): Promise<BackupLab> {
    const web = { owner: "dinas-pendidikan", image: "debian-12", ...settings };
    const database = { owner: "dinas-kesehatan", image: "postgresql-15", ...settings };
    return BackupLab.with(async (backups) => {
      await backups.lab.write("wan/topology.yaml", TOPOLOGY);
      await backups.askFor("ppdb-online", web);
      await backups.askFor("sik-puskesmas", database);
    }, lab);
  }

  /** The same kabupaten with other servers, without a core at the DRC unless it is asked for. */
  static async with(
    ask: (backups: BackupLab) => Promise<void>,
    lab?: KabupatenLab,
  ): Promise<BackupLab> {
    const backups = new BackupLab(lab ?? (await buildKabupatenLab()));
    await ask(backups);
    await backups.apply();
    return backups;
  }

  /** Writes the file of a VPS. */
  askFor(name: string, { owner, image, size = "96MiB", drc = "warm" }: VpsRequest): Promise<void> {
    const databases = image === "postgresql-15" ? ", databases: [postgresql]" : "";
    return this.lab.write(
      `vps/${name}.yaml`,
      `name: ${name}
owner: ${owner}
purpose: Uji cadangan
classification: terbatas
cpu: 1
memory: 512MiB
disk: 512MiB
image: ${image}
ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIYz13iOt+dU+yObTc4ZTKnitbOOCimDbPYI9lsK/PI tik@dindikpora"]
backup: { every: 24h, paths: [/srv, /etc]${databases}, size: ${size} }
drc: ${drc}
expires: 2029-12-31
`,
    );
  }

  async apply(): Promise<void> {
    const said = await this.lab.simpul("deploy", "--yes");
    if (said.exitCode !== 0) throw new Error(said.stdout + said.stderr);
  }

  /** Runs a line of bash as root of a VPS. */
  async inVps(name: string, line: string): Promise<string> {
    const said = await this.lab.inside(`vps-${name}`, "bash", "-c", line);
    if (said.exitCode !== 0) throw new Error(said.stdout + said.stderr);
    return said.stdout;
  }

  /** Runs a line of bash beside a server, with the words of restic for its repository in $@. */
  beside(name: string, line: string): Promise<Said> {
    const words = ["--repository-file", "--password-file", "--cacert"].flatMap((option, index) => [
      option,
      `/run/simpul-secrets/${["repository", "password", "ca.pem"][index]}`,
    ]);
    const script = `set -eo pipefail; ${line}`;
    return this.lab.inside(
      `backup-runner-${name}`,
      "bash",
      "-c",
      script,
      "beside",
      ...words,
      "--no-cache",
    );
  }

  /** The same, of which success is expected. */
  async restic(name: string, line: string): Promise<string> {
    const said = await this.beside(name, line);
    if (said.exitCode !== 0) throw new Error(`${line}: ${said.stdout}${said.stderr}`);
    return said.stdout;
  }

  /** Runs a line of bash in a container without a network, with the repository's volume alone, and restic for it in $@. */
  async apart(name: string, line: string): Promise<string> {
    const { stdout, stderr, exitCode } = await this.lab.docker(
      ...["run", "--rm", "--network", "none", "--env", "LC_ALL=C"],
      ...["--volume", `simpul-${KABUPATEN}-backup-server-${name}:/repository:ro`],
      ...["--volume", `${SECRETS}/${name}:/secrets:ro`, "--entrypoint", "bash"],
      ...[await this.image(), "-c", `set -eo pipefail; ${line}`, "apart"],
      ...[
        "--repo",
        "/repository",
        "--password-file",
        "/secrets/password",
        "--no-cache",
        "--no-lock",
      ],
    );
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return stdout;
  }

  async snapshots(name: string): Promise<readonly Snapshot[]> {
    return JSON.parse(
      await this.restic(name, 'restic "$@" --no-lock --json snapshots'),
    ) as Snapshot[];
  }

  /** Takes a backup now; one that is under way is waited for. */
  async backUp(name: string): Promise<AgentStatus> {
    for (;;) {
      const { exitCode, stderr } = await this.lab.inside(`backup-runner-${name}`, "simpul-backup");
      if (!stderr.includes("another backup")) {
        const status = await this.status(name);
        return { ...status, ok: exitCode === 0, message: `${exitCode}: ${stderr}` };
      }
      await setTimeout(500);
    }
  }

  async status(name: string): Promise<AgentStatus> {
    const { stdout } = await this.lab.inside(`backup-runner-${name}`, "cat", "/backup/status.json");
    return JSON.parse(stdout) as AgentStatus;
  }

  /** Waits until the status is as wanted; gives it. */
  async until(
    name: string,
    wanted: (status: AgentStatus) => boolean,
    seconds = 90,
  ): Promise<AgentStatus> {
    const end = Date.now() + seconds * 1000;
    let last = "none";
    while (Date.now() < end) {
      const status = await this.status(name).catch(() => undefined);
      if (status !== undefined && wanted(status)) return status;
      last = JSON.stringify(status);
      await setTimeout(500);
    }
    throw new Error(`${name} never came to it; last: ${last}`);
  }

  /** Sum of every file of a repository but its locks, as the engine's host sees them. */
  async content(volume: string): Promise<readonly string[]> {
    const { stdout } = await this.lab.docker(
      ...["run", "--rm", "--network", "none", "--volume", `${volume}:/repository:ro`],
      ...["--entrypoint", "bash", await this.image(), "-c"],
      "cd /repository && find . -type f ! -path './locks/*' -exec sha256sum {} + | sort -k 2",
    );
    return stdout.trim().split("\n");
  }

  async image(): Promise<string> {
    return (await this.inspect("backup-runner-ppdb-online", "{{.Image}}")).trim();
  }

  async inspect(container: string, format: string): Promise<string> {
    const name = `simpul-${KABUPATEN}-${container}`;
    return (await this.lab.docker("inspect", "--format", format, name)).stdout.trim();
  }

  /** Since when, and as which process of the host. */
  started(container: string): Promise<string> {
    return this.inspect(container, "{{.State.StartedAt}} {{.State.Pid}}");
  }

  /** Kills a container's first process, as the kernel would: the engine starts it again. */
  async kill(container: string): Promise<void> {
    process.kill(Number(await this.inspect(container, "{{.State.Pid}}")), "SIGKILL");
  }

  remove(): Promise<void> {
    return this.lab.remove();
  }
}

const SECRETS = `/var/lib/simpul/secrets/simpul-${KABUPATEN}-config-backup-secrets`;

const TOPOLOGY = `segments:
  backbone-a: { medium: fiber }
cores:
  core-drc: { site: drc, segments: [backbone-a] }
  core-pusat-data: { site: pusat-data, segments: [backbone-a] }
pops:
  parakan: { kecamatan: "33.23.08", segments: [backbone-a], medium: fiber }
  ngadirejo: { kecamatan: "33.23.09", segments: [backbone-a], medium: radio }
`;
