import type { ProofRecord } from "../engine/proof-record.ts";
import type { OpenRepository, RepositoryLook } from "../engine/restic-repository.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { READ_WITHIN_DAYS, withRead, type PartsRead } from "./backup-reading.ts";
import { judgeTool } from "./backup-tools.ts";

export interface ReadStep {
  readonly look: RepositoryLook;
  /** Parts of the packs that are due. */
  readonly due: readonly number[];
  readonly record: ProofRecord;
  readonly step: (words: string) => void;
}

export interface ReadStepEnd {
  readonly problems: readonly BackupProblem[];
  readonly partsRead: PartsRead;
  readonly readBytes: number;
}

/** Checks index and trees, and reads the packs that are due; a part counts as read when nothing was wrong at all. */
export async function readingDone(
  repository: OpenRepository,
  { look, due, record, step }: ReadStep,
): Promise<ReadStepEnd> {
  let partsRead: PartsRead = record.read.map((at) => at ?? undefined);
  let readBytes = 0;
  const isAll = due.length === READ_WITHIN_DAYS;
  // restic counts parts from 1.
  const runs = isAll ? ["all"] : due.map((part) => `${part + 1}/${READ_WITHIN_DAYS}`);
  for (const [at, run] of (runs.length === 0 ? [undefined] : runs).entries()) {
    step(run === undefined ? "index" : isAll ? "all packs" : `packs, part ${run}`);
    const problems = judgeTool("restic check", await repository.check(run));
    if (problems.length > 0) return { problems, partsRead, readBytes };
    if (run === undefined) continue;
    partsRead = withRead(partsRead, isAll ? due : [due[at]!], look.now);
    readBytes += isAll ? look.packBytes : look.packBytes / READ_WITHIN_DAYS;
  }
  return { problems: [], partsRead, readBytes: Math.round(readBytes) };
}
