import path from "node:path";

import { EngineRefusal, type Engine } from "../engine/docker-engine.ts";
import { readProofRecord, writeProofRecord } from "../engine/proof-record.ts";
import { sweepScratch } from "../engine/scratch-container.ts";
import { judgeCopies } from "./backup-copies.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { proveRepository, type ProofOutcome } from "./backup-proof.ts";
import { NEVER_READ } from "./backup-reading.ts";
import { subjectWords, type BackupSubject } from "./backup-subject.ts";
import { timeWords } from "./backup-series.ts";
import { inParallel } from "./run-inside.ts";

/** How a run of proofs goes about it. */
export interface ProofSettings {
  /** All packs are read, and not only the part of today. */
  readonly full: boolean;
  /** What was proven today is proven once more. */
  readonly again: boolean;
  /** Repositories at the same time. */
  readonly workers: number;
  /** Of all workers together. */
  readonly memoryBytes: number;
  /** Folder of what earlier runs learnt; a file for each repository. */
  readonly records: string;
  readonly interrupt?: AbortSignal;
}

export interface ProofRun extends ProofSettings {
  readonly engine: Engine;
  readonly kabupaten: string;
  /** Id of the image `backup-proof`. */
  readonly image: string;
  readonly subjects: readonly BackupSubject[];
  /** Where it is: what is being done, how much is done, and how long it will take. */
  readonly at: (text: string) => void;
}

/**
 * Proves repositories, several at a time within the memory given. For who holds the lock of the kabupaten's proofs: what
 * a killed run left behind is removed first.
 */
export async function runProofs(run: ProofRun): Promise<readonly ProofOutcome[]> {
  const { engine, kabupaten, subjects, workers, interrupt } = run;
  const purpose = proofPurpose(kabupaten);
  await sweepScratch(engine, purpose);
  const room = { claimed: 0 };
  const pace = new Pace(subjects.length, run.at);
  const stop = (): void => void sweepScratch(engine, purpose).catch(() => {});
  interrupt?.addEventListener("abort", stop);
  try {
    const outcomes = await inParallel(
      subjects,
      async (subject) => {
        if (isAborted(interrupt)) return broken(subject, interrupted());
        const outcome = await proveOne({ ...run, purpose }, subject, room, pace).catch(
          (error: unknown) =>
            isAborted(interrupt) ? undefined : broken(subject, engineFailed(error)),
        );
        // What its container was removed under says nothing.
        if (outcome === undefined || (isAborted(interrupt) && outcome.proven === undefined))
          return broken(subject, interrupted());
        pace.done(outcome);
        return outcome;
      },
      workers,
    );
    return outcomes.map((outcome) => withCopies(outcome, outcomes));
  } finally {
    interrupt?.removeEventListener("abort", stop);
    await sweepScratch(engine, purpose);
  }
}

function isAborted(interrupt: AbortSignal | undefined): boolean {
  return interrupt?.aborted === true;
}

export function proofPurpose(kabupaten: string): string {
  return `${kabupaten}/proof`;
}

async function proveOne(
  run: ProofRun & { readonly purpose: string },
  subject: BackupSubject,
  room: { claimed: number },
  pace: Pace,
): Promise<ProofOutcome> {
  const { engine, kabupaten, image, purpose, full, again, memoryBytes, workers } = run;
  if (subject.password === undefined) return broken(subject, noKey());
  const file = path.join(run.records, subject.site, `${subject.name}.json`);
  const there = await engine.run(["docker", "volume", "inspect", subject.volume]);
  // The engine would make it, empty and without labels.
  if (there.code !== 0) return broken(subject, noVolume(subject));
  return proveRepository(engine, {
    ...{ subject, full, again, room },
    source: {
      slug: `${kabupaten}-${subject.name}-${subject.site}`,
      ...{ volume: subject.volume, password: subject.password, image, purpose },
      memoryBytes: Math.floor(memoryBytes / workers),
    },
    record: await readProofRecord(file),
    keep: (record) => writeProofRecord(file, record),
    step: (words) => pace.step(subjectWords(subject), words),
  });
}

/** A problem that kept a repository from being looked at at all. */
function broken(subject: BackupSubject, problem: BackupProblem): ProofOutcome {
  const none = { snapshots: [], partsRead: NEVER_READ, readBytes: 0, seconds: 0 };
  return { subject, problems: [problem], ...none };
}

/** Both sites of a repository beside each other. */
function withCopies(outcome: ProofOutcome, all: readonly ProofOutcome[]): ProofOutcome {
  const { subject, look } = outcome;
  const other = all.find((one) => one.subject.name === subject.name && one !== outcome);
  if (look === undefined || other?.look === undefined) return outcome;
  const [primary, copy] = subject.site === "drc" ? [other, outcome] : [outcome, other];
  const judged = judgeCopies({
    ...{ primary: primary.snapshots, copies: copy.snapshots, keep: subject.keep, now: look.now },
    lagSeconds: copy.subject.lagSeconds,
  });
  const added = subject.site === "drc" ? judged.copy : judged.primary;
  const isNew = ({ what }: BackupProblem): boolean => {
    const id = /^snapshot ([0-9a-f]{8})/.exec(what)?.[1];
    return id === undefined || !outcome.problems.some((one) => one.what.includes(id));
  };
  return { ...outcome, problems: [...outcome.problems, ...added.filter(isNew)] };
}

/** Says how far a run is, and how long the rest will take if it goes on like this. */
class Pace {
  #done = 0;
  #bytes = 0;
  readonly #began = performance.now();

  constructor(
    readonly count: number,
    readonly at: (text: string) => void,
  ) {}

  step(name: string, words: string): void {
    this.at(`${name}: ${words}; ${this.#words()}`);
  }

  done({ look, subject }: ProofOutcome): void {
    this.#done++;
    this.#bytes += look?.packBytes ?? 0;
    this.at(`${subjectWords(subject)} done; ${this.#words()}`);
  }

  #words(): string {
    const counted = `${this.#done} of ${this.count} repositories, ${Math.round(this.#bytes / 2 ** 20)} MiB`;
    if (this.#done === 0) return counted;
    const left = ((performance.now() - this.#began) / this.#done) * (this.count - this.#done);
    return `${counted}, about ${timeWords(Math.max(60_000, left))} left`;
  }
}

function noVolume({ volume }: BackupSubject): BackupProblem {
  return {
    id: "backup-volume-absent",
    severity: "error",
    what: `its volume ${volume} is not on the engine`,
    why: "a repository that was never made holds no backup",
    fix: "simpul deploy makes it; if it was there, see the volumes of the engine's host: simpul drift",
  };
}

function noKey(): BackupProblem {
  return {
    id: "backup-key-missing",
    severity: "error",
    what: "its key is not on this machine",
    why: "without its key nothing of it can be read, here or in an emergency",
    fix: "run this where the kabupaten is deployed from, or bring the key back from a custodian's escrow copy",
  };
}

function interrupted(): BackupProblem {
  return {
    id: "backup-not-reached",
    severity: "error",
    what: "the run was interrupted before it",
    why: "what was not looked at is not proven",
    fix: "run the same command again: what was proven today is not repeated",
  };
}

/** The engine or its host stopped in the middle, for this repository. */
function engineFailed(error: unknown): BackupProblem {
  // A mistake of ours is none of the repository's.
  if (!(error instanceof EngineRefusal)) throw error;
  return {
    id: "backup-not-looked-at",
    severity: "error",
    what: `it could not be looked at: ${error.message}`,
    why: "what was not looked at is not proven",
    fix: "see that the server's volume is there and the engine is well (simpul doctor), then run the same command again",
  };
}
