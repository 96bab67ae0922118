import type { Inventory, Pop, Vps } from "../inventory/model.ts";
import { warmVps } from "./drc-seats.ts";
import {
  accessSegment,
  BACKUP,
  BACKUP_DRC,
  BACKUP_STACK,
  DRC_STACK,
  kecamatanStack,
  VOTERS,
  WITNESS,
} from "./part-names.ts";
import { gatewaySeat } from "./router-seats.ts";
import type { ServerSeat } from "./servers.ts";
import type { RouterSeat, SegmentSeat } from "./topology.ts";
import { isRunning } from "./vps-state.ts";

/** Servers whose PostgreSQL is streamed to the DRC, and is primary at one site only. */
export function failingOver(inventory: Inventory): readonly Vps[] {
  return warmVps(inventory).filter(
    (vps) =>
      isRunning(vps) &&
      vps.image === "postgresql-15" &&
      vps.backup.databases.includes("postgresql"),
  );
}

/** The POP that decides between two sites which do not hear each other: the first by name, which never changes by itself. */
function witnessPop({ wan }: Inventory): Pop {
  return wan.pops.toSorted((a, b) => (a.name < b.name ? -1 : 1))[0]!;
}

/** Segment and gateway of the third voter, behind a POP; the others stand beside the backup servers. */
export function witnessNetwork(inventory: Inventory): {
  readonly segments: readonly SegmentSeat[];
  readonly routers: readonly RouterSeat[];
} {
  if (failingOver(inventory).length === 0) return { segments: [], routers: [] };
  const { name } = witnessPop(inventory);
  const at = inventory.wan.origin.at("pops", name);
  const stack = kecamatanStack(name);
  const gateway = gatewaySeat(WITNESS, "Gateway of the witness", stack, at);
  return {
    segments: [{ name: WITNESS, kind: "tenant", stack, at }],
    routers: [{ ...gateway, pop: name, up: [accessSegment(name)] }],
  };
}

/** The three voters (ADR-0035). */
export function voterSeats(inventory: Inventory): readonly ServerSeat[] {
  if (failingOver(inventory).length === 0) return [];
  const pop = witnessPop(inventory).name;
  const places = [
    { name: VOTERS[0], tenant: BACKUP, stack: BACKUP_STACK, site: "pusat-data" as const },
    { name: VOTERS[1], tenant: BACKUP_DRC, stack: DRC_STACK, site: "drc" as const },
    { name: VOTERS[2], tenant: WITNESS, stack: kecamatanStack(pop), site: "pusat-data" as const },
  ];
  return places.map((place) => ({
    ...place,
    role: "voter",
    kind: "tenant",
    hostname: `${place.name}.intra.${inventory.kabupaten.domain}`,
    service: place.name,
    announcing: "always",
    at: inventory.kabupaten.origin.at("sites", place.site),
  }));
}

/** Name of the address that leads to a database's server at one site, wherever its service address is announced. */
export function ownAddress(server: string): string {
  return `${server}-own`;
}
