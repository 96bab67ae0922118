import { appendFile } from "node:fs/promises";
import path from "node:path";

import { BackupLab } from "../twin/backup-lab.ts";
import { KABUPATEN, type Said } from "../twin/kabupaten-lab.ts";
import { lastLines, type ProveLab } from "./prove-lab.ts";
import { firstId, Repository, SITES } from "./repositories.ts";

/** Servers of the lab, the second with a database. */
export const SERVERS = ["ppdb-online", "sik-puskesmas"] as const;

/** The kabupaten of the tests with backups at both sites, and a look at its repositories past them. */
export class BackupGround {
  private constructor(
    readonly lab: ProveLab,
    readonly backups: BackupLab,
    readonly repositories: readonly Repository[],
  ) {}

  /** Deployed, with the first backup of each server at both sites. */
  static async begin(lab: ProveLab): Promise<BackupGround> {
    // A copier that was disturbed comes back after this time.
    const kabupaten = path.join(lab.kabupaten.inventory, KABUPATEN, "kabupaten.yaml");
    await appendFile(kabupaten, "backup: { copy: { every: 1m } }\n");
    const backups = await BackupLab.deployIn(lab.kabupaten, { size: "1GiB" });
    for (const name of SERVERS) await backups.until(name, ({ ok }) => ok === true);
    const image = await backups.image();
    const repositories = SERVERS.flatMap((name) =>
      SITES.map((site) => new Repository(lab, image, name, site)),
    );
    const ground = new BackupGround(lab, backups, repositories);
    await ground.copied();
    return ground;
  }

  /** Changes what the server holds and takes a backup of it. */
  async backUp(name: string, mebibytes: number): Promise<void> {
    await this.write(name, mebibytes);
    const { exitCode, stdout, stderr } = await this.lab.simpul("backup", "run", name);
    if (exitCode !== 0) throw new Error(`a plain backup fails: ${lastLines(stdout + stderr)}`);
  }

  /** New content in the same place: backups differ, and none is larger than the one before. */
  async write(name: string, mebibytes: number): Promise<void> {
    await this.backups.inVps(name, `head -c ${mebibytes}M /dev/urandom >/srv/putaran`);
  }

  repository(name: string, site: (typeof SITES)[number]): Repository {
    return this.repositories.find((one) => one.name === name && one.site === site)!;
  }

  /** All packs read, everything restored, whatever was proven today. */
  verify(): Promise<Said> {
    return this.lab.simpul(...VERIFY);
  }

  /** Waits until everything is at the DRC; says what is not when patience ends. */
  async copied(seconds = 150): Promise<readonly string[]> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const missing = await this.#notCopied();
      if (missing.length === 0 || Date.now() > end) return missing;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async #notCopied(): Promise<readonly string[]> {
    const missing = await Promise.all(
      SERVERS.map(async (name) => {
        const [here, there] = await Promise.all(
          SITES.map((site) =>
            this.repository(name, site)
              .snapshots()
              .catch(() => undefined),
          ),
        );
        if (here === undefined || there === undefined) return [`${name} has no copy`];
        const copies = there.map(firstId);
        return here
          .map(firstId)
          .filter((id) => !copies.includes(id))
          .map((id) => `snapshot ${id.slice(0, 8)} of ${name} is not at the DRC`);
      }),
    );
    return missing.flat();
  }
}

export const VERIFY = ["verify", "backup", "--full", "--again", "--json"] as const;
