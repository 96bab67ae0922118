import type { DualAddress } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { seatKey, type AddressPlan } from "./address-plan.ts";
import {
  backedUp,
  backupSites,
  hasRunner,
  repositoryBytes,
  repositoryVolume,
  scheduleOf,
  spoolBytes,
  type BackedUp,
} from "./backed-up.ts";
import { engineName } from "./engine-names.ts";
import { BACKUP, BACKUP_COPIER, BACKUP_PORT, BACKUP_SERVERS } from "./part-names.ts";
import type { ServerPlan } from "./vps-plan.ts";

/** Who is backed up, when, where to, and how large that may become. */
export interface BackupPlan {
  /** One for each site, the Pusat Data's first. */
  readonly servers: readonly BackupServerPlan[];
  /** Sorted by name. */
  readonly repositories: readonly RepositoryPlan[];
  /** Brings every repository to the DRC; absent where there is no server at the DRC. */
  readonly copier?: CopierPlan;
}

/** An append-only server: `cadangan` at the Pusat Data, `cadangan-drc` at the DRC. */
export interface BackupServerPlan extends ServerPlan {
  readonly site: SiteName;
  /** TCP, for TLS. */
  readonly port: number;
}

/** What belongs to one agency's server: its repositories at the sites, and who fills them. */
export interface RepositoryPlan {
  /** The server's slug; the user by which it is written, too. */
  readonly name: string;
  /** Slug of the agency. */
  readonly owner: string;
  /** `machine`: an agency's own, outside the engines, which runs the agent itself. */
  readonly host: "vps" | "colocation" | "machine";
  /** Whether its server works now. A server that stands still has files to keep, and no database to ask. */
  readonly running: boolean;
  /** The server has left with its final backup: nothing is added, and nothing goes unless it is named. */
  readonly closed: boolean;
  readonly schedule: BackupSchedule;
  readonly keep: { readonly daily: number; readonly weekly: number; readonly monthly: number };
  /** Absolute, as the server sees them. */
  readonly paths: readonly string[];
  readonly databases: readonly "postgresql"[];
  /** The DRC's is absent where there is no server. */
  readonly volumes: {
    readonly "pusat-data": RepositoryVolume;
    readonly drc?: RepositoryVolume;
  };
  /** Beside the server; absent for machines and for who has left. */
  readonly runner?: RunnerPlan;
}

/** A size-limited volume, of the engine's host and of Docker by the same name. */
export interface RepositoryVolume {
  readonly name: string;
  readonly bytes: number;
}

/** Due at each second of Unix time that leaves the offset when divided by `everySeconds`. */
export interface BackupSchedule {
  readonly everySeconds: number;
  readonly offsetSeconds: number;
}

/** The container beside a server that takes its backups. */
export interface RunnerPlan {
  /** Segment of the backup server. */
  readonly segment: string;
  readonly address: DualAddress;
  /** Volume of the server that it reads; Docker's name. */
  readonly source: string;
  /** Bytes of that volume's file system. */
  readonly sourceBytes: number;
  /** Its own, for manifests and dumps. */
  readonly spool: RepositoryVolume;
  /** Most that it sends, KiB per second. */
  readonly uploadKibibytes: number;
}

/** The container at the DRC that fetches what is new. */
export interface CopierPlan extends ServerPlan {
  readonly everySeconds: number;
  /** Most that it takes over the line, KiB per second. */
  readonly uploadKibibytes: number;
}

/** What is backed up and where to; undefined where nothing is. */
export function planBackup(
  inventory: Inventory,
  addresses: AddressPlan,
  serverPlan: (name: string) => ServerPlan,
): BackupPlan | undefined {
  const sites = backupSites(inventory);
  if (sites.length === 0) return undefined;
  const { backup } = inventory.kabupaten;
  return {
    servers: sites.map((site) => ({
      ...serverPlan(BACKUP_SERVERS[site]),
      site,
      port: BACKUP_PORT,
    })),
    repositories: backedUp(inventory).map((server) =>
      repositoryPlan(server, inventory, sites, addresses),
    ),
    ...(sites.includes("drc") && {
      copier: {
        ...serverPlan(BACKUP_COPIER),
        everySeconds: backup.copyEvery.seconds,
        uploadKibibytes: kibibytes(backup.copyUpload.bitsPerSecond),
      },
    }),
  };
}

function repositoryPlan(
  server: BackedUp,
  { kabupaten }: Inventory,
  sites: readonly SiteName[],
  addresses: AddressPlan,
): RepositoryPlan {
  const { name, owner, host, running, closed, policy } = server;
  const bytes = repositoryBytes(server);
  const volumeAt = (site: SiteName): RepositoryVolume => ({
    name: repositoryVolume(kabupaten.name, name, site),
    bytes,
  });
  return {
    name,
    owner,
    host,
    running,
    closed,
    schedule: scheduleOf(server, kabupaten.timezone),
    keep: policy.keep,
    paths: policy.paths,
    databases: policy.databases,
    volumes: {
      "pusat-data": volumeAt("pusat-data"),
      ...(sites.includes("drc") && { drc: volumeAt("drc") }),
    },
    ...(hasRunner(server) && {
      runner: {
        segment: BACKUP,
        address: addresses.hosts.get(seatKey(BACKUP, name))!,
        source: engineName({
          kabupaten: kabupaten.name,
          role: host === "colocation" ? "colocation" : "vps",
          name,
        }),
        sourceBytes: server.diskBytes ?? 0,
        spool: {
          name: engineName({ kabupaten: kabupaten.name, role: "backup-runner", name }),
          bytes: spoolBytes(server),
        },
        uploadKibibytes: kibibytes(kabupaten.backup.upload.bitsPerSecond),
      },
    }),
  };
}

function kibibytes(bitsPerSecond: number): number {
  return Math.max(1, Math.floor(bitsPerSecond / 8 / 1024));
}
