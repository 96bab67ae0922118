import type { Duration } from "../core/duration.ts";
import type { Rate } from "../core/rate.ts";
import type { SshPublicKey } from "../core/ssh-public-key.ts";

/** A machine whose lines of the evidence ledger count. */
export interface EvidenceSigner {
  readonly name: string;
  readonly key: SshPublicKey;
}

/** Somebody who keeps a sealed copy of the keys of backups. */
export interface Custodian {
  /** As written for people: `Kepala Bidang Aptika`. */
  readonly name: string;
  /** An address of theirs. */
  readonly contact: string;
  /** Public key of age: `age1...`. */
  readonly age: string;
}

/** Who hears of a scheduled run that failed; nobody where both are absent. */
export interface Alerts {
  /** Posted to as JSON. */
  readonly webhook?: string | undefined;
  /** Words of a command, its program by an absolute path. */
  readonly command?: readonly string[] | undefined;
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

/** A certificate authority that is asked by ACME (RFC 8555). */
export interface AcmeAuthority {
  readonly certificates: "acme";
  /** Address of its directory. */
  readonly directory: string;
  /** E-mail address of who answers for the names. */
  readonly contact: string;
}
