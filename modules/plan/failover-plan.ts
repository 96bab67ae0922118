import type { DualAddress } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { failingOver, ownAddress, voterSeats } from "./failover-seats.ts";
import { atDrc } from "./part-names.ts";
import type { ServerPlan } from "./vps-plan.ts";

/** Databases that are primary at one site and follow at the other, and who says which (ADR-0035, ADR-0036). */
export interface FailoverPlan {
  /** Three: two of them decide. */
  readonly voters: readonly ServerPlan[];
  /** Sorted by service. */
  readonly databases: readonly DatabasePlan[];
}

export interface DatabasePlan {
  /** Slug of the VPS, and name of its lease. */
  readonly service: string;
  /** `sync`: no write is confirmed that the standby does not have, and none is while it is gone. */
  readonly mode: "sync" | "async";
  /** Mebibytes of log that are kept for a standby that is gone; then it is copied anew. */
  readonly keptLog: number;
  readonly ends: Readonly<Record<SiteName, DatabaseEnd>>;
}

export interface DatabaseEnd {
  /** Slug of the server there: the VPS, or its standby. */
  readonly server: string;
  /** By which it is reached from the other site, and voters from it. */
  readonly own: DualAddress;
}

/** A sixteenth of its disk: enough for a night's outage of most, and never what fills it. */
const SHARE_OF_DISK = 16;

/** Undefined where no database has a standby. */
export function planFailover(
  inventory: Inventory,
  { services }: AddressPlan,
  planned: (name: string) => ServerPlan,
): FailoverPlan | undefined {
  const streamed = failingOver(inventory);
  if (streamed.length === 0) return undefined;
  const end = (server: string): DatabaseEnd => ({ server, own: services.get(ownAddress(server))! });
  return {
    voters: voterSeats(inventory).map(({ name }) => planned(name)),
    databases: streamed.map(({ name, replication, disk }) => ({
      service: name,
      mode: replication,
      keptLog: Math.max(64, Math.floor(disk.bytes / 2 ** 20 / SHARE_OF_DISK)),
      ends: { "pusat-data": end(name), drc: end(atDrc(name)) },
    })),
  };
}

/** The database that a server is an end of, and at which site. */
export function databaseOn(
  failover: FailoverPlan | undefined,
  server: string,
): { readonly database: DatabasePlan; readonly site: SiteName } | undefined {
  for (const database of failover?.databases ?? [])
    for (const site of ["pusat-data", "drc"] as const)
      if (database.ends[site].server === server) return { database, site };
  return undefined;
}
