import type { ProvenBackup } from "../engine/proof-record.ts";
import type { OpenRepository } from "../engine/restic-repository.ts";
import { companionOf, type ResticSnapshot } from "../engine/restic-snapshots.ts";
import { judgeAmounts, judgeContents, readComparison } from "./backup-contents.ts";
import { judgeDatabases, readCounts, readLoaded } from "./backup-databases.ts";
import type { BackupProblem } from "./backup-problem.ts";
import { shortId } from "./backup-series.ts";
import type { BackupSubject } from "./backup-subject.ts";
import { judgeTool } from "./backup-tools.ts";

/** Room on the disk where restores are unpacked, shared by those that run at the same time. */
export interface RestoreRoom {
  /** Bytes that others of this run have claimed and may still write. */
  claimed: number;
}

/** What stays free for everybody else on that disk. */
const RESERVE = 2 ** 30;
const MEBIBYTE = 2 ** 20;

export interface RestoreStep {
  readonly subject: BackupSubject;
  readonly newest: ResticSnapshot;
  readonly listed: readonly ResticSnapshot[];
  readonly before: ProvenBackup | undefined;
  readonly packBytes: number;
  readonly room: RestoreRoom;
  readonly step: (words: string) => void;
}

export interface RestoreStepEnd {
  readonly problems: readonly BackupProblem[];
  /** Absent where anything is not as it was: then nothing is proven. */
  readonly contents?: Omit<ProvenBackup, "snapshot" | "at" | "listing">;
}

/** Restores the newest backup and compares it with its manifest, then loads its databases. */
export async function restoreAndCompare(
  repository: OpenRepository,
  request: RestoreStep,
): Promise<RestoreStepEnd> {
  const { subject, before, room, packBytes } = request;
  const estimate =
    before === undefined
      ? Math.min(subject.mostBytes, packBytes * 4 + 256 * MEBIBYTE)
      : Math.min(subject.mostBytes, before.bytes * 1.5 + 256 * MEBIBYTE);
  const free = (await repository.scratchRoom()) - room.claimed;
  if (free < estimate + RESERVE) return { problems: [noRoom(estimate, free)] };
  room.claimed += estimate;
  try {
    return await restored(repository, request);
  } finally {
    room.claimed -= estimate;
  }
}

async function restored(
  repository: OpenRepository,
  { subject, newest, listed, before, step }: RestoreStep,
): Promise<RestoreStepEnd> {
  step("restore");
  const answer = await repository.restore(newest.id, subject.mostBytes, RESERVE / 2);
  if (answer.code === 75) return { problems: [tooLarge(subject, shortId(newest.id))] };
  const failed = judgeTool("restic restore", answer);
  if (failed.length > 0) return { problems: failed };
  const companion = companionOf(listed, newest);
  if (companion !== undefined) {
    const live = judgeTool("restic restore", await repository.restoreLive(companion.id));
    if (live.length > 0) return { problems: live };
  }
  step("compare");
  const compared = await repository.compare(companion !== undefined);
  const contents = compared.code === 0 ? readComparison(compared.stdout) : undefined;
  if (contents === undefined) return { problems: [notCompared(compared.stdout, compared.stderr)] };
  const problems = [
    ...judgeContents(contents, shortId(newest.id)),
    ...judgeAmounts(before, contents),
    ...(await pathProblems(repository, subject)),
  ];
  step("databases");
  const databases = await databasesProven(repository, subject);
  problems.push(...databases.problems);
  if (problems.some(({ severity }) => severity === "error")) return { problems };
  const { files, bytes, live } = contents;
  const { count, rows } = databases;
  return { problems, contents: { files, bytes, live, databases: count, rows } };
}

interface Databases {
  readonly problems: readonly BackupProblem[];
  readonly count: number;
  readonly rows: number;
}

async function databasesProven(
  repository: OpenRepository,
  { databases }: BackupSubject,
): Promise<Databases> {
  const dumps = await repository.dumps();
  if (dumps === undefined)
    return { problems: databases.length === 0 ? [] : [noDumps()], count: 0, rows: 0 };
  const counts = dumps.counts === undefined ? undefined : readCounts(dumps.counts);
  // Even a new server has a database to dump.
  if (counts === undefined || dumps.names.length === 0)
    return { problems: [noDumps()], count: 0, rows: 0 };
  const answer = await repository.loadDatabases();
  if (answer.code !== 0 || answer.stderr.trim() !== "")
    return { problems: judgeTool("loading databases", answer), count: 0, rows: 0 };
  const loaded = readLoaded(answer.stdout);
  return {
    problems: judgeDatabases(counts, dumps.names, loaded),
    count: dumps.names.length,
    rows: [...loaded.counts.values()].reduce((sum, rows) => sum + rows, 0),
  };
}

/** Everything that the inventory names is in it. */
async function pathProblems(
  repository: OpenRepository,
  { paths }: BackupSubject,
): Promise<readonly BackupProblem[]> {
  const missing = await repository.missingPaths(paths);
  if (missing.length === 0) return [];
  return [
    {
      id: "backup-path-missing",
      severity: "warning",
      what: `${missing.join(", ")} is not in the newest backup, and its file asks for it`,
      why: "only what was in the snapshot can be restored",
      fix: "see that the folder exists in the server, and that what its file says is deployed: simpul deploy",
    },
  ];
}

function noDumps(): BackupProblem {
  return {
    id: "backup-database-missing",
    severity: "error",
    what: "there is no dump of its databases with counts of their rows, and its file asks for one",
    why: "the files of a running database server are of no single moment: only a dump is",
    fix: "see whether the database server runs (simpul verify vps) and what the runner's console says",
  };
}

function notCompared(stdout: string, stderr: string): BackupProblem {
  const isMissing = stdout.startsWith("no-manifest");
  return {
    id: "backup-manifest-missing",
    severity: "error",
    what: isMissing
      ? "the newest backup has no manifest"
      : `the manifest of the newest backup cannot be compared: ${stderr.trim().slice(0, 300)}`,
    why: "without the manifest nobody knows whether what was restored is what was there",
    fix: "take a backup by the present runner: simpul backup run",
  };
}

function tooLarge({ mostBytes }: BackupSubject, snapshot: string): BackupProblem {
  return {
    id: "backup-too-large",
    severity: "error",
    what: `snapshot ${snapshot} grows beyond ${mebibytes(mostBytes)} when it is restored, or the disk was filled by somebody else meanwhile`,
    why: "a restore was stopped before it took the disk from everybody else; files may claim to be larger than their disk",
    fix: "look for huge sparse files on the server (du --apparent-size), and at the room on the engine's disk",
  };
}

function noRoom(needed: number, free: number): BackupProblem {
  return {
    id: "backup-scratch-room",
    severity: "error",
    what: `there is no room to restore it: about ${mebibytes(needed)} are needed, and ${mebibytes(Math.max(0, free))} are free`,
    why: "what was not restored is not proven",
    fix: "make room on the engine's disk (docker system df), then run the same command again",
  };
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
