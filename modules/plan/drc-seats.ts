import type { Inventory, PerangkatDaerah, Vps } from "../inventory/model.ts";
import { atDrc, DRC_STACK, EDGE, NAME_SERVICE } from "./part-names.ts";
import { hasEdge } from "./publications.ts";
import { gatewaySeat } from "./router-seats.ts";
import type { RouterSeat, SegmentSeat } from "./topology.ts";
import { keptVps } from "./vps-state.ts";

/**
 * Whether the DRC is a site of the network: it has a core router. A DRC that is only written down has a place and a
 * capacity, and nothing is built there.
 */
export function hasDrc({ wan }: Pick<Inventory, "wan">): boolean {
  return wan.cores.some(({ site }) => site === "drc");
}

/** Servers that have a standby at the DRC, made ready and stopped. */
export function warmVps(inventory: Inventory): readonly Vps[] {
  return hasDrc(inventory) ? keptVps(inventory).filter(({ drc }) => drc === "warm") : [];
}

/** Segments and gateways at the DRC: its name service, its edge, and one of each for every agency with a standby. */
export function drcSeats(inventory: Inventory): {
  readonly segments: readonly SegmentSeat[];
  readonly routers: readonly RouterSeat[];
} {
  if (!hasDrc(inventory)) return { segments: [], routers: [] };
  const parts = partsOf(inventory);
  return {
    segments: parts.map(({ name, at }) => ({ name, kind: "tenant", stack: DRC_STACK, at })),
    routers: parts.map(({ name, title, at }) => gatewaySeat(name, title, DRC_STACK, at, "drc")),
  };
}

function partsOf(inventory: Inventory) {
  const at = inventory.kabupaten.origin.at("sites", "drc");
  return [
    { name: atDrc(NAME_SERVICE), title: "Gateway of the name service at the DRC", at },
    ...(hasEdge(inventory)
      ? [{ name: atDrc(EDGE), title: "Gateway of the edge at the DRC", at }]
      : []),
    ...tenantsOf(inventory).map(({ name, title, origin }) => ({
      name: atDrc(name),
      title: `Gateway of ${title} at the DRC`,
      at: origin.at(),
    })),
  ];
}

function tenantsOf(inventory: Inventory): readonly PerangkatDaerah[] {
  const owners = new Set(warmVps(inventory).map(({ owner }) => owner));
  return inventory.perangkatDaerah.filter(({ name }) => owners.has(name));
}
