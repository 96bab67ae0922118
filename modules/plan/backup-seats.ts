import type { Inventory } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { backedUp, backupSites, hasRunner } from "./backed-up.ts";
import {
  BACKUP,
  BACKUP_COPIER,
  BACKUP_DRC,
  BACKUP_SERVERS,
  BACKUP_STACK,
  DRC_STACK,
} from "./part-names.ts";
import { gatewaySeat } from "./router-seats.ts";
import type { ServerSeat } from "./servers.ts";
import type { RouterSeat, SegmentSeat } from "./topology.ts";

const STACKS = { "pusat-data": BACKUP_STACK, drc: DRC_STACK } as const;
const SEGMENTS = { "pusat-data": BACKUP, drc: BACKUP_DRC } as const;
const TITLES = {
  "pusat-data": "Gateway of the backup server",
  drc: "Gateway of the backup server at the DRC",
} as const;

/** Segment and gateway of each backup server. */
export function backupNetworks(inventory: Inventory): {
  readonly segments: readonly SegmentSeat[];
  readonly routers: readonly RouterSeat[];
} {
  const sites = backupSites(inventory);
  return {
    segments: sites.map((site) => ({
      name: SEGMENTS[site],
      kind: "tenant",
      stack: STACKS[site],
      at: placeOf(inventory, site),
    })),
    routers: sites.map((site) =>
      gatewaySeat(SEGMENTS[site], TITLES[site], STACKS[site], placeOf(inventory, site), site),
    ),
  };
}

/** The backup servers, and who copies to the DRC. Runners are seated apart: no name and no service address leads to them. */
export function backupSeats(inventory: Inventory): readonly ServerSeat[] {
  const { domain } = inventory.kabupaten;
  const seat = (name: string, role: ServerSeat["role"], site: SiteName): ServerSeat => ({
    name,
    role,
    kind: "tenant",
    tenant: SEGMENTS[site],
    stack: STACKS[site],
    site,
    hostname: `${name}.intra.${domain}`,
    service: name,
    announcing: "always",
    at: placeOf(inventory, site),
  });
  const sites = backupSites(inventory);
  return [
    ...sites.map((site) => seat(BACKUP_SERVERS[site], "backup-server", site)),
    ...(sites.includes("drc") ? [seat(BACKUP_COPIER, "backup-copier", "drc")] : []),
  ];
}

/** A runner's place on the segment of the backup server, which it never leaves. */
export interface RunnerSeat {
  /** Slug of the server that it stands beside. */
  readonly name: string;
  readonly segment: string;
  readonly at: ServerSeat["at"];
}

/** One for each server that Dinas runs the agent for. */
export function runnerSeats(inventory: Inventory): readonly RunnerSeat[] {
  return backedUp(inventory)
    .filter(hasRunner)
    .map(({ name, origin }) => ({ name, segment: BACKUP, at: origin.at("backup") }));
}

function placeOf({ kabupaten }: Inventory, site: SiteName): ServerSeat["at"] {
  return kabupaten.origin.at("sites", site);
}
