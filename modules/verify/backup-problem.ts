import type { Severity } from "../core/diagnostic.ts";

/** What is wrong with one repository; `backup-findings.ts` says whose it is and where the inventory asks for it. */
export interface BackupProblem {
  readonly id: string;
  readonly severity: Severity;
  /** A sentence without its subject's name. */
  readonly what: string;
  /** Technical; the pasal is added where there is one. */
  readonly why: string;
  readonly fix: string;
}
