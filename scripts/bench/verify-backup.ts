import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Fault } from "../../modules/core/fault.ts";
import { localEngine } from "../../modules/engine/docker-engine.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { sweepScratch } from "../../modules/engine/scratch-container.ts";
import { proofPurpose, runProofs } from "../../modules/verify/backup-run.ts";
import type { BackupSubject } from "../../modules/verify/backup-subject.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { PROOF_MEMORY_BYTES, PROOF_WORKERS } from "../commands/verify-backup.ts";
import { BackupRepositories, REPOSITORY_PASSWORD } from "./backup-repositories.ts";
import { timed, type Contender, type Started, type Subject } from "./contender.ts";
import { memoryPeakOf, type MemoryPeak } from "./memory-peak.ts";

const COUNT = 20;
const KABUPATEN = "bench";
/** Of each server: no restore comes near it. */
const SERVER_DISK = 16 * 2 ** 30;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Twenty repositories proven (all packs read, the newest backup restored and compared), and the same repositories
 * checked and restored by restic one after another.
 * @param gigabytes of all of them together, in 10^9 bytes
 */
export const verifyBackup = (gigabytes: number): Subject => ({
  name: "verify-backup",
  begin: async () => {
    const images = readRoleImages(ROOT);
    if (images instanceof Fault) throw new Error(`${images.what}: ${images.fix}`);
    const bytes = Math.floor((gigabytes * 1e9) / COUNT);
    const engine = localEngine(process.env);
    const repositories = new BackupRepositories(engine, images["backup-proof"].id, COUNT, bytes);
    const proofs = new Proofs(repositories, await mkdtemp(path.join(tmpdir(), "simpul-bench-")));
    const abandon = (): void => void proofs.end().finally(() => process.exit(130));
    for (const signal of SIGNALS) process.once(signal, abandon);
    try {
      await repositories.remove();
      await repositories.make();
      return started(proofs, gigabytes);
    } catch (error) {
      await proofs.end();
      throw error;
    } finally {
      for (const signal of SIGNALS) process.off(signal, abandon);
    }
  },
});

function started(proofs: Proofs, gigabytes: number): Started {
  const peaks = { simpul: { all: 0, own: 0 }, restic: { all: 0, own: 0 } };
  const measured = (who: keyof typeof peaks, label: string, work: () => Promise<void>) =>
    timed(async () => {
      peaks[who] = higher(peaks[who], await memoryPeakOf(label, work));
    });
  const simpul: Contender = {
    name: "simpul verify backup --full",
    note: `${PROOF_WORKERS} at once; each file compared with its manifest, too`,
    run: () => measured("simpul", proofs.label, () => proofs.prove()),
  };
  const restic: Contender = {
    name: "restic check --read-data, restic restore",
    note: "one repository after another; nothing is compared",
    run: () =>
      measured("restic", proofs.repositories.label, () =>
        proofs.repositories.checkAndRestoreSerially(),
      ),
  };
  const peak = (name: string, note: string, value: () => number): Contender => ({
    ...{ name, note, unit: "MiB" },
    run: value,
  });
  return {
    about: `${COUNT} repositories with ${gigabytes} GB, by restic on this engine`,
    contenders: [
      simpul,
      restic,
      peak(
        "highest sum of memory, simpul",
        "containers with cached files, and node",
        () => peaks.simpul.all,
      ),
      peak("of that, programs' own", "", () => peaks.simpul.own),
      peak("highest sum of memory, restic", "the same", () => peaks.restic.all),
      peak("of that, programs' own", "", () => peaks.restic.own),
    ],
    beside: [simpul, restic],
    end: () => proofs.end(),
  };
}

function higher(one: MemoryPeak, other: MemoryPeak): MemoryPeak {
  return { all: Math.max(one.all, other.all), own: Math.max(one.own, other.own) };
}

/** The product's own proof of the repositories, with the settings of its command. */
class Proofs {
  readonly label = `id.go.simpul.scratch=${proofPurpose(KABUPATEN)}`;
  readonly #interrupt = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    readonly repositories: BackupRepositories,
    readonly records: string,
  ) {}

  /** @throws where anything was found wrong: a proof that failed is no measurement */
  async prove(): Promise<void> {
    const { engine, image, names } = this.repositories;
    const proving = runProofs({
      ...{ engine, image, kabupaten: KABUPATEN, records: this.records, at: () => {} },
      ...{ full: true, again: true, workers: PROOF_WORKERS, memoryBytes: PROOF_MEMORY_BYTES },
      subjects: names.map((name) => this.#subject(name)),
      interrupt: this.#interrupt.signal,
    });
    this.#running = proving.catch(() => {});
    for (const { subject, problems, proven, readBytes } of await proving)
      if (problems.length > 0 || proven === undefined || readBytes === 0)
        throw new Error(
          `${subject.name} is not proven: ${problems.map(({ what }) => what).join("; ")}`,
        );
  }

  #subject(name: string): BackupSubject {
    return {
      ...{ name, site: "pusat-data", owner: "dinas-bench", databases: [], paths: ["/srv"] },
      ...{ volume: this.repositories.volumeOf(name), password: REPOSITORY_PASSWORD },
      ...{ everySeconds: 86_400, lagSeconds: 0, closed: false },
      keep: { daily: 14, weekly: 8, monthly: 12 },
      mostBytes: SERVER_DISK,
    };
  }

  /** Ends what is under way and removes all that was made. */
  async end(): Promise<void> {
    this.#interrupt.abort();
    await this.#running;
    await sweepScratch(this.repositories.engine, proofPurpose(KABUPATEN));
    await this.repositories.remove();
    await rm(this.records, { recursive: true, force: true });
  }
}
