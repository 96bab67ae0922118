import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";

import { writeWhole } from "./whole-file.ts";

/** What is known about one repository from earlier proofs: a file of its own, kept where simpul runs. */
export interface ProofRecord {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Promise under which the snapshots were noted. */
  readonly keep: RecordedKeep;
  readonly noted: readonly { readonly id: string; readonly time: string }[];
  /** When each part of the packs was last read; null where never. */
  readonly read: readonly (number | null)[];
  /** The last backup that was restored and found whole. */
  readonly proven?: ProvenBackup;
}

export interface RecordedKeep {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export interface ProvenBackup {
  readonly snapshot: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of the repository's files, as they were then. */
  readonly listing: string;
  readonly files: number;
  readonly bytes: number;
  readonly live: number;
  readonly databases: number;
  readonly rows: number;
}

/** The record of a repository; undefined where there is none, or one that cannot be read: then nothing is proven yet. */
export async function readProofRecord(file: string): Promise<ProofRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(file, "utf8")) as ProofRecord;
    const isWhole =
      Number.isFinite(record.since) &&
      Array.isArray(record.noted) &&
      Array.isArray(record.read) &&
      Number.isFinite(record.keep.daily + record.keep.weekly + record.keep.monthly);
    return isWhole ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, so that a kill leaves the old one. */
export async function writeProofRecord(file: string, record: ProofRecord): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeWhole(file, `${JSON.stringify(record)}\n`);
}
