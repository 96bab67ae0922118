import { readFile } from "node:fs/promises";
import path from "node:path";

import { answerOf, type Engine } from "../../modules/engine/docker-engine.ts";
import { ROOT } from "../../stacks/prepare.ts";

/** Also the label by which all of it is found again, and the beginning of every name. */
const MARK = "simpul-bench-backup";
const LABEL = `${MARK}=yes`;

export const REPOSITORY_PASSWORD = "kata-sandi-pengukuran";

/** Repositories as the agents leave them, each with one backup and its companion, on volumes of their own. */
export class BackupRepositories {
  constructor(
    readonly engine: Engine,
    /** Id of the image `backup-proof`. */
    readonly image: string,
    readonly count: number,
    /** Of each. */
    readonly bytes: number,
  ) {}

  get names(): readonly string[] {
    return Array.from({ length: this.count }, (_, at) => `bench-${at + 1}`);
  }

  volumeOf(name: string): string {
    return `${MARK}-${name}`;
  }

  /** Makes them all, two at a time. */
  async make(): Promise<void> {
    const manifest = await readFile(path.join(ROOT, "images/backup-runner/manifest.pl"), "utf8");
    const left = [...this.names];
    const worker = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined; name = left.shift())
        await this.#make(name, manifest);
    };
    await Promise.all([worker(), worker()]);
  }

  async #make(name: string, manifest: string): Promise<void> {
    const volume = this.volumeOf(name);
    await answerOf(this.engine, ["docker", "volume", "create", "--label", LABEL, volume]);
    const program = `cat >/usr/local/bin/simpul-manifest <<'end-of-manifest'\n${manifest}end-of-manifest\n`;
    await this.run([`${volume}:/repository`], `${program}${MAKE}`, { BYTES: `${this.bytes}` });
  }

  /** Runs a script of bash in a container without a network; gives what it printed. */
  run(
    mounts: readonly string[],
    script: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const settings = {
      RESTIC_REPOSITORY: "/repository",
      RESTIC_PASSWORD: REPOSITORY_PASSWORD,
      ...environment,
    };
    return answerOf(
      this.engine,
      [
        ...["docker", "run", "--rm", "--interactive", "--network", "none", "--label", LABEL],
        ...["--tmpfs", "/backup", ...mounts.flatMap((mount) => ["--volume", mount])],
        ...Object.entries(settings).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
        ...["--entrypoint", "bash", this.image, "-s"],
      ],
      Buffer.from(`set -euo pipefail\n${script}`),
    );
  }

  /** Checks every repository with its data and restores its newest backup, one after another, by restic alone. */
  async checkAndRestoreSerially(): Promise<void> {
    const scratch = `${MARK}-scratch`;
    await answerOf(this.engine, ["docker", "volume", "create", "--label", LABEL, scratch]);
    const mounts = this.names.map((name) => `${this.volumeOf(name)}:/repositories/${name}`);
    await this.run([...mounts, `${scratch}:/scratch`], SERIAL);
  }

  /** The label of the container in which that is done. */
  readonly label = LABEL;

  /** Everything that was made, whatever ran in between. */
  async remove(): Promise<void> {
    const filter = ["--quiet", "--filter", `label=${LABEL}`];
    const list = async (...words: readonly string[]): Promise<readonly string[]> =>
      (await answerOf(this.engine, ["docker", ...words, ...filter])).split("\n").filter(Boolean);
    const containers = await list("ps", "--all");
    if (containers.length > 0)
      await this.engine.run(["docker", "rm", "--force", "--volumes", ...containers]);
    const volumes = await list("volume", "ls");
    if (volumes.length > 0)
      await this.engine.run(["docker", "volume", "rm", "--force", ...volumes]);
  }
}

// As an agency's server has it: three quarters in files of megabytes, the rest in small ones; nothing of it packs well, as
// photographs and scans do not. As the runner does it, in one place.
const MAKE = `
umask 022
export RESTIC_PACK_SIZE=4
chmod 755 /usr/local/bin/simpul-manifest
srv=/backup/files/srv
mkdir -p "$srv/large" "$srv/small" /backup/databases /backup/manifest /backup/live
noise() { openssl enc -aes-128-ctr -pbkdf2 -pass "pass:$RANDOM$RANDOM$RANDOM" -in /dev/zero 2>/dev/null | head -c "$1" || true; }
large=$((BYTES * 3 / 4)) small=$((BYTES / 4))
noise "$large" | split --bytes=6M --suffix-length=4 - "$srv/large/scan-"
noise "$small" | split --bytes=48K --suffix-length=5 - "$srv/small/letter-"
restic init --quiet
simpul-manifest take /backup "$srv" /backup/databases
id=$(restic backup --no-cache --quiet --json --host bench --tag simpul "$srv" /backup/databases /backup/manifest |
  grep -o '"snapshot_id":"[0-9a-f]*"' | cut -d '"' -f 4)
id=$(ls /repository/snapshots | grep "^$id")
simpul-manifest compare /backup "$srv" /backup/databases >/dev/null
restic backup --no-cache --quiet --host bench --tag simpul-live --tag "of-$id" /backup/live
`;

const SERIAL = `
for repository in /repositories/*/; do
  restic --repo "$repository" check --read-data >/dev/null
  restic --repo "$repository" restore latest --tag simpul --target /scratch/restored >/dev/null
  rm -rf /scratch/restored
done
`;
