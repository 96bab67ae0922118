import type { Engine } from "../engine/docker-engine.ts";
import type { ProofRecord, ProvenBackup } from "../engine/proof-record.ts";
import {
  OpenRepository,
  type RepositoryLook,
  type RepositorySource,
} from "../engine/restic-repository.ts";
import { backupsOf, type ResticSnapshot } from "../engine/restic-snapshots.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { readingDone } from "./backup-read-step.ts";
import { NEVER_READ, partsDue, type PartsRead } from "./backup-reading.ts";
import { restoreAndCompare, type RestoreRoom } from "./backup-restore-step.ts";
import { judgeRetention, weakerPolicy } from "./backup-retention.ts";
import { judgeSeries } from "./backup-series.ts";
import type { BackupSubject } from "./backup-subject.ts";
import { judgeDamaged, judgeRoom, judgeTool } from "./backup-tools.ts";

export interface ProofRequest {
  readonly subject: BackupSubject;
  readonly source: RepositorySource;
  /** All packs, and not only the part of today. */
  readonly full: boolean;
  /** What was proven today as well. */
  readonly again: boolean;
  readonly record: ProofRecord | undefined;
  /** Called with what was learnt, as soon as it is: a kill loses no finished step. */
  readonly keep: (record: ProofRecord) => Promise<void>;
  readonly room: RestoreRoom;
  readonly step: (words: string) => void;
}

/** What came of one repository. */
export interface ProofOutcome {
  readonly subject: BackupSubject;
  readonly problems: readonly BackupProblem[];
  /** Absent where the repository could not be looked at. */
  readonly look?: RepositoryLook;
  /** Backups, oldest first. */
  readonly snapshots: readonly ResticSnapshot[];
  /** Present where the newest backup is proven, now or earlier today. */
  readonly proven?: ProvenBackup;
  readonly partsRead: PartsRead;
  /** Packs whose data this run read. */
  readonly readBytes: number;
  readonly seconds: number;
}

/**
 * Proves one repository: its files, its series, its packs, and that the newest backup restores to what it was taken
 * from. Later steps run only on what earlier ones found whole, and only what all steps passed counts as proven.
 */
export async function proveRepository(
  engine: Engine,
  request: ProofRequest,
): Promise<ProofOutcome> {
  const began = performance.now();
  const repository = await OpenRepository.open(engine, request.source);
  try {
    const outcome = await proveOpen(repository, request);
    return { ...outcome, seconds: Math.round((performance.now() - began) / 10) / 100 };
  } finally {
    await repository.close();
  }
}

type Proof = Omit<ProofOutcome, "seconds">;

async function proveOpen(repository: OpenRepository, request: ProofRequest): Promise<Proof> {
  const { subject, step } = request;
  const partsRead = (request.record?.read ?? NEVER_READ).map((at) => at ?? undefined);
  const none = { subject, snapshots: [], partsRead, readBytes: 0 };
  step("files");
  const look = await repository.look();
  if (look === "no-config") return { ...none, problems: [noRepository()] };
  const damaged = [...judgeDamaged(look.damaged), ...judgeRoom(look.volumeBytes, look.freeBytes)];
  if (look.damaged.length > 0) return { ...none, look, problems: damaged };
  step("snapshots");
  const listed = await repository.snapshots();
  if ("code" in listed)
    return { ...none, look, problems: [...damaged, ...judgeTool("restic snapshots", listed)] };
  const snapshots = backupsOf(listed);
  const { problems, record } = judgeHistory(request, look, snapshots, listed);
  await request.keep(record);
  const known = { ...none, look, snapshots, problems: [...damaged, ...problems] };
  const newest = snapshots.at(-1);
  if (newest === undefined) return known;
  return proveContents(repository, { ...request, record }, known, { listed, newest, look });
}

interface Newest {
  readonly listed: readonly ResticSnapshot[];
  readonly newest: ResticSnapshot;
  readonly look: RepositoryLook;
}

async function proveContents(
  repository: OpenRepository,
  request: ProofRequest & { readonly record: ProofRecord },
  known: Proof,
  { listed, newest, look }: Newest,
): Promise<Proof> {
  const { record, again, full, keep } = request;
  const due = partsDue(again ? NEVER_READ : known.partsRead, look.now, full);
  const isProven = isProvenToday(record, newest, look) && !again;
  if (isProven && due.length === 0) return { ...known, proven: record.proven! };

  const read = await readingDone(repository, { look, due, record, step: request.step });
  await keep({ ...record, read: read.partsRead.map((at) => at ?? null) });
  const { partsRead, readBytes } = read;
  const soFar = { ...known, partsRead, readBytes, problems: [...known.problems, ...read.problems] };
  if (read.problems.length > 0) return soFar;
  if (isProven) return { ...soFar, proven: record.proven! };

  const restored = await restoreAndCompare(repository, {
    ...{ subject: request.subject, newest, listed, before: record.proven },
    ...{ room: request.room, step: request.step, packBytes: look.packBytes },
  });
  const problems = [...soFar.problems, ...restored.problems];
  if (restored.contents === undefined) return { ...soFar, problems };
  const proven = { snapshot: newest.id, at: look.now, listing: look.listing, ...restored.contents };
  await keep({ ...record, read: partsRead.map((at) => at ?? null), proven });
  return { ...soFar, problems, proven };
}

/** Of the same files and the same newest backup. */
function isProvenToday(
  { proven }: ProofRecord,
  { id }: ResticSnapshot,
  { listing, now }: RepositoryLook,
): boolean {
  if (proven === undefined) return false;
  const age = now - proven.at;
  return proven.snapshot === id && proven.listing === listing && age >= 0 && age < TODAY;
}

/** A nightly run proves again. */
const TODAY = 18 * 3_600_000;

/** Are the backups there that should be, and of the right times? */
function judgeHistory(
  { subject, record }: ProofRequest,
  look: RepositoryLook,
  snapshots: readonly ResticSnapshot[],
  listed: readonly ResticSnapshot[],
): { readonly problems: readonly BackupProblem[]; readonly record: ProofRecord } {
  const policy = record === undefined ? subject.keep : weakerPolicy(record.keep, subject.keep);
  const retention = judgeRetention({
    policy,
    present: snapshots.map(noted),
    noted: record?.noted ?? [],
    mentioned: mentionedBy(listed),
  });
  const series = judgeSeries({
    entries: snapshots.map(({ id, time }) => ({
      id,
      takenAt: Date.parse(time),
      ...writtenAt(id, subject, look),
    })),
    ...{ everySeconds: subject.everySeconds, now: look.now, lagSeconds: subject.lagSeconds },
    ...(record !== undefined && { watchedSince: record.since }),
  });
  return {
    problems: subject.closed
      ? retention.problems
      : [...series.filter((one) => !isTwice(one, retention.problems)), ...retention.problems],
    record: {
      since: record?.since ?? look.now,
      keep: subject.keep,
      noted: retention.noted,
      read: record?.read ?? NEVER_READ.map(() => null),
      ...(record?.proven !== undefined && { proven: record.proven }),
    },
  };
}

/** A gap that a lost snapshot leaves is said once. */
function isTwice({ id }: BackupProblem, lost: readonly BackupProblem[]): boolean {
  return id === "backup-gap" && lost.length > 0;
}

/** By the id that it has at the Pusat Data, at both sites. */
function noted({ id, original, time }: ResticSnapshot): { id: string; time: string } {
  return { id: original ?? id, time };
}

/** Backups of which a companion speaks. */
function mentionedBy(
  listed: readonly ResticSnapshot[],
): readonly { readonly id: string; readonly time: string }[] {
  return listed.flatMap(({ tags, time }) =>
    tags.flatMap((tag) => {
      const id = /^of-([0-9a-f]{64})$/.exec(tag)?.[1];
      return id === undefined ? [] : [{ id, time }];
    }),
  );
}

/** A copy's file is as young as the copy. */
function writtenAt(
  id: string,
  { site }: BackupSubject,
  look: RepositoryLook,
): { readonly writtenAt?: number } {
  const written = look.writtenAt.get(id);
  return site === "drc" || written === undefined ? {} : { writtenAt: written };
}

function noRepository(): BackupProblem {
  return {
    id: "backup-repository-missing",
    severity: "error",
    what: "there is no repository on its volume",
    why: "its config file is not there: nothing was ever backed up, or all of it was deleted",
    fix: "if it is new, let its runner make it (simpul backup run); else copy it back from the other site",
  };
}
