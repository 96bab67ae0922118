import { stableHash } from "../core/stable-hash.ts";
import type { BackupPolicy } from "../inventory/backup-model.ts";
import type { Inventory, Kabupaten, Origin } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { colocatedServers } from "../inventory/rack.ts";
import { engineName } from "./engine-names.ts";
import { hasLeft, isRunning } from "./vps-state.ts";

/** A server of an agency whose data is backed up, as the inventory says it. */
export interface BackedUp {
  readonly name: string;
  /** Slug of the agency. */
  readonly owner: string;
  /** `machine`: the agency's own, which runs the agent itself; beside all others Dinas does. */
  readonly host: "vps" | "colocation" | "machine";
  readonly running: boolean;
  /** Has left, with its final backup filed: nobody adds to its repository, and it is kept. */
  readonly closed: boolean;
  readonly policy: BackupPolicy;
  /** Bytes of its disk; unknown of a machine. */
  readonly diskBytes?: number;
  readonly origin: Origin;
}

/** The part of an inventory that says what is backed up. */
type Servers = Pick<Inventory, "vps" | "racks">;

/** What stands for a colocated server on an engine has a disk of this size (colocation-plan.ts). */
const STAND_IN_DISK = 2 ** 30;

/** Every server with a backup duty, sorted by name. One that gave its data up has none. */
export function backedUp({ vps, racks }: Servers): readonly BackedUp[] {
  return [
    ...vps
      .filter((each) => !hasLeft(each) || each.finalBackup !== undefined)
      .map((each) => ({
        name: each.name,
        owner: each.owner,
        host: "vps" as const,
        running: isRunning(each),
        closed: hasLeft(each),
        policy: each.backup,
        diskBytes: each.disk.bytes,
        origin: each.origin,
      })),
    ...colocatedServers(racks)
      .filter(({ state }) => state !== "planned")
      .map(({ name, owner, state, external, backup, origin }) => ({
        name,
        owner,
        host: external ? ("machine" as const) : ("colocation" as const),
        running: state === "installed",
        closed: false,
        policy: backup,
        ...(!external && { diskBytes: STAND_IN_DISK }),
        origin,
      })),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether there is a backup server at the Pusat Data. */
export function hasBackup(inventory: Servers): boolean {
  return backedUp(inventory).length > 0;
}

/** Where backups are kept: at the Pusat Data, and at the DRC where a core router stands there. */
export function backupSites(
  inventory: Pick<Inventory, "vps" | "racks" | "wan">,
): readonly SiteName[] {
  if (!hasBackup(inventory)) return [];
  return inventory.wan.cores.some(({ site }) => site === "drc")
    ? ["pusat-data", "drc"]
    : ["pusat-data"];
}

/** Percent of the disk that a snapshot adds to the one before, reckoned high: most servers change less. */
const PERCENT_OF_A_SNAPSHOT = 2;
const LEAST_REPOSITORY = 256 * 2 ** 20;
const MEBIBYTE = 2 ** 20;

/**
 * Bytes of a repository: what its file says, else one whole copy and a fiftieth of the disk for each snapshot that is
 * kept (restic compresses and never keeps the same block twice). Of a machine nobody knows the disk: 20 GiB.
 */
export function repositoryBytes({
  policy,
  diskBytes = 20 * 2 ** 30,
}: Pick<BackedUp, "policy" | "diskBytes">): number {
  if (policy.size !== undefined) return policy.size.bytes;
  const { daily, weekly, monthly } = policy.keep;
  const percent = 100 + PERCENT_OF_A_SNAPSHOT * (daily + weekly + monthly);
  const whole = (diskBytes * percent) / 100;
  return Math.max(LEAST_REPOSITORY, Math.ceil(whole / MEBIBYTE) * MEBIBYTE);
}

/** Bytes of a runner's own volume: manifests, and the dump of a database before it is sent. */
export function spoolBytes({
  policy,
  diskBytes = 0,
}: Pick<BackedUp, "policy" | "diskBytes">): number {
  const manifests = Math.ceil(diskBytes / 50 / MEBIBYTE) * MEBIBYTE + 64 * MEBIBYTE;
  return policy.databases.length > 0 ? manifests + diskBytes : manifests;
}

/** What backups take of a site's disks, for one server. */
export function backupDisk(
  server: Pick<BackedUp, "policy" | "diskBytes" | "host" | "closed">,
  site: SiteName,
  sites: readonly SiteName[],
): number {
  if (!sites.includes(site)) return 0;
  const spool = site === "pusat-data" && hasRunner(server) ? spoolBytes(server) : 0;
  return repositoryBytes(server) + spool;
}

/** Whether Dinas runs the agent for it. */
export function hasRunner({ host, closed }: Pick<BackedUp, "host" | "closed">): boolean {
  return host !== "machine" && !closed;
}

/** Volume of a repository on the engine of its site. */
export function repositoryVolume(kabupaten: string, repository: string, site: SiteName): string {
  const name = site === "drc" ? `${repository}-drc` : repository;
  return engineName({ kabupaten, role: "backup-server", name });
}

/** Seconds east of Greenwich; Indonesia's time zones have no summer time. */
const EAST: Readonly<Record<Kabupaten["timezone"], number>> = {
  "Asia/Jakarta": 7 * 3600,
  "Asia/Makassar": 8 * 3600,
  "Asia/Jayapura": 9 * 3600,
};
const DAY = 86_400;
/** From 21:00 on, for eight hours, offices are closed. */
const NIGHT = { from: 21 * 3600, seconds: 8 * 3600 };

/**
 * When backups are due: at each second of Unix time that leaves `offset` when divided by `every`. Where it is a day or
 * more, at night; spread by name, so that not all start at once.
 */
export function scheduleOf(
  { name, policy: { every } }: Pick<BackedUp, "name" | "policy">,
  timezone: Kabupaten["timezone"],
): { readonly everySeconds: number; readonly offsetSeconds: number } {
  const spread = stableHash(`backup ${name}`);
  const everySeconds = every.seconds;
  if (everySeconds % DAY !== 0) return { everySeconds, offsetSeconds: spread % everySeconds };
  const local = NIGHT.from + (spread % NIGHT.seconds);
  return { everySeconds, offsetSeconds: (local - EAST[timezone] + DAY) % everySeconds };
}
