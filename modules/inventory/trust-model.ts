import type { SshPublicKey } from "../core/ssh-public-key.ts";

/** A machine whose lines of the evidence ledger count. */
export interface EvidenceSigner {
  readonly name: string;
  readonly key: SshPublicKey;
}

/** Who hears of a scheduled run that failed; nobody where both are absent. */
export interface Alerts {
  /** Posted to as JSON. */
  readonly webhook?: string | undefined;
  /** Words of a command, its program by an absolute path. */
  readonly command?: readonly string[] | undefined;
}

/** A certificate authority that is asked by ACME (RFC 8555). */
export interface AcmeAuthority {
  readonly certificates: "acme";
  /** Address of its directory. */
  readonly directory: string;
  /** E-mail address of who answers for the names. */
  readonly contact: string;
}
