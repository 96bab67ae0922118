import type { ByteSize } from "../core/byte-size.ts";
import type { Duration } from "../core/duration.ts";
import type { Rate } from "../core/rate.ts";

/** Somebody who keeps a sealed copy of the keys of backups. */
export interface Custodian {
  /** As written for people: `Kepala Bidang Aptika`. */
  readonly name: string;
  /** An address of theirs. */
  readonly contact: string;
  /** Public key of age: `age1...`. */
  readonly age: string;
}

/** What a server owes to its backups, as its file says. */
export interface BackupPolicy {
  readonly every: Duration;
  readonly keep: { readonly daily: number; readonly weekly: number; readonly monthly: number };
  /** Absolute paths inside the VPS. */
  readonly paths: readonly string[];
  readonly databases: readonly "postgresql"[];
  /** Of its repository; reckoned from disk and `keep` where absent. */
  readonly size?: ByteSize | undefined;
}

/** How backups run in the whole kabupaten. */
export interface BackupSettings {
  /** Who keeps a copy of every key, in the order of the file. */
  readonly custodians: readonly Custodian[];
  /** What one runner may send at most to the backup server. */
  readonly upload: Rate;
  /** What the DRC fetches at most. */
  readonly copyUpload: Rate;
  /** How often the DRC looks for snapshots that it does not have. */
  readonly copyEvery: Duration;
}
