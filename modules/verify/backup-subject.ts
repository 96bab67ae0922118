import type { SiteName } from "../inventory/site-model.ts";
import type { KeepPolicy } from "./backup-retention.ts";

/** One repository to prove: that of a server at the Pusat Data, or its copy at the DRC. */
export interface BackupSubject {
  /** The server's slug. */
  readonly name: string;
  readonly site: SiteName;
  /** Slug of the agency. */
  readonly owner: string;
  /** Docker volume on the backup server. */
  readonly volume: string;
  /** Undefined where this machine does not have it. */
  readonly password: string | undefined;
  readonly everySeconds: number;
  /** Seconds that the copy may lag behind; 0 at the Pusat Data. */
  readonly lagSeconds: number;
  /** Its server has left: nothing new is expected. */
  readonly closed: boolean;
  readonly keep: KeepPolicy;
  /** Absolute, as the server sees them. */
  readonly paths: readonly string[];
  readonly databases: readonly "postgresql"[];
  /** More than this a restore of it cannot be: what its server has room for. */
  readonly mostBytes: number;
}

/** `ppdb-online at the Pusat Data`. */
export function subjectWords({ name, site }: Pick<BackupSubject, "name" | "site">): string {
  return `${name} at the ${SITES[site]}`;
}

const SITES: Readonly<Record<SiteName, string>> = { "pusat-data": "Pusat Data", drc: "DRC" };
