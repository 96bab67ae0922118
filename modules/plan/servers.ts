import type { Place } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { colocatedServers } from "../inventory/rack.ts";
import { backupSeats } from "./backup-seats.ts";
import { hasDrc, warmVps } from "./drc-seats.ts";
import {
  atDrc,
  DNS_STACK,
  DRC_STACK,
  EDGE,
  NAME_SERVICE,
  PUSAT_DATA_STACK,
  SERVICES_STACK,
} from "./part-names.ts";
import { hasEdge } from "./publications.ts";
import { failingOver, ownAddress, voterSeats } from "./failover-seats.ts";
import { replicaSeats } from "./replica-seats.ts";
import { isRunning, keptVps } from "./vps-state.ts";

/** A server on a tenant's segment, before it has an address. */
export interface ServerSeat {
  readonly name: string;
  readonly role:
    | "vps"
    | "colocation"
    | "primary"
    | "secondary"
    | "resolver"
    | "edge"
    | "backup-server"
    | "backup-copier"
    | "replica"
    | "voter";
  /** Kind of its address in `ip list`. */
  readonly kind: "vps" | "colocation" | "tenant";
  /** Segment it stands on. */
  readonly tenant: string;
  readonly stack: string;
  readonly site: SiteName;
  /** Its own name, without a final dot. */
  readonly hostname: string;
  /** Name of its service address: its own, or that of the server it stands for. */
  readonly service: string;
  /** One more, by name, at which others of its kind answer, too: all alike, or this one while no other is to be had. */
  readonly shared?: { readonly service: string; readonly as: "equal" | "fallback" };
  /** One more, by name, that always leads here: its service address may be announced at the other site. */
  readonly own?: string;
  /** Server at the Pusat Data whose place it can take. */
  readonly standsFor?: string;
  readonly announcing: Announcing;
  readonly at: Place;
}

/**
 * How its gateway announces its service address. `always`: nobody else does. `never`: it is suspended, planned or off.
 * `first`: another has it as its fallback. `moves`: one of two sites does, and which is switched (ADR-0034).
 */
export type Announcing = "always" | "never" | "first" | "moves";

/** Name of the service address that everybody asks for names; the first resolver had it before there was a second. */
export const ASKED_RESOLVER = "resolver1";

/** Every server that is to have addresses: VPS and colocated servers that have not left, the name service, the edge, standbys. */
export function seatServers(inventory: Inventory): readonly ServerSeat[] {
  return [
    ...nameService(inventory),
    ...edges(inventory),
    ...backupSeats(inventory),
    ...replicaSeats(inventory),
    ...voterSeats(inventory),
    ...vpsSeats(inventory),
    ...colocationSeats(inventory),
    ...standbySeats(inventory),
  ];
}

function nameService(inventory: Inventory): readonly ServerSeat[] {
  const { domain, origin } = inventory.kabupaten;
  const inside = `intra.${domain}`;
  const seat = (
    name: string,
    role: "primary" | "secondary" | "resolver",
    hostname: string,
    site: SiteName = "pusat-data",
  ): ServerSeat => ({
    name,
    role,
    kind: "tenant",
    tenant: site === "drc" ? atDrc(NAME_SERVICE) : NAME_SERVICE,
    stack: site === "drc" ? DRC_STACK : DNS_STACK,
    site,
    hostname,
    service: name,
    announcing: "always",
    at: origin.at("domain"),
  });
  const first = seat("resolver1", "resolver", `resolver1.${inside}`);
  return [
    seat("ns-primary", "primary", `ns-primary.${inside}`),
    seat("ns1", "secondary", `ns1.${domain}`),
    ...(hasDrc(inventory)
      ? [
          seat("ns2", "secondary", `ns2.${domain}`, "drc"),
          // Its own questions need an address that leads back to it alone.
          {
            ...first,
            service: "resolver1-own",
            shared: { service: ASKED_RESOLVER, as: "equal" as const },
          },
          {
            ...seat("resolver2", "resolver", `resolver2.${inside}`, "drc"),
            shared: { service: ASKED_RESOLVER, as: "equal" as const },
          },
        ]
      : [first]),
  ];
}

/** They hold nothing that could differ: that of the DRC answers at the address of the first, too, while that is gone. */
function edges(inventory: Inventory): readonly ServerSeat[] {
  if (!hasEdge(inventory)) return [];
  const { domain, origin } = inventory.kabupaten;
  const first: ServerSeat = {
    name: "edge1",
    role: "edge",
    kind: "tenant",
    tenant: EDGE,
    stack: SERVICES_STACK,
    site: "pusat-data",
    hostname: `edge1.intra.${domain}`,
    service: "edge1",
    announcing: hasDrc(inventory) ? "first" : "always",
    at: origin.at("domain"),
  };
  if (!hasDrc(inventory)) return [first];
  return [
    first,
    {
      ...first,
      name: "edge2",
      tenant: atDrc(EDGE),
      stack: DRC_STACK,
      site: "drc",
      hostname: `edge2.intra.${domain}`,
      service: "edge2",
      shared: { service: "edge1", as: "fallback" },
      announcing: "always",
    },
  ];
}

function vpsSeats(inventory: Inventory): readonly ServerSeat[] {
  const warm = new Set(warmVps(inventory).map(({ name }) => name));
  const streamed = new Set(failingOver(inventory).map(({ name }) => name));
  return keptVps(inventory).map((vps) => ({
    name: vps.name,
    role: "vps" as const,
    kind: "vps" as const,
    tenant: vps.owner,
    stack: PUSAT_DATA_STACK,
    site: "pusat-data" as const,
    hostname: hostnameOf(inventory, vps),
    service: vps.name,
    announcing: !isRunning(vps) ? "never" : warm.has(vps.name) ? "moves" : "always",
    ...(streamed.has(vps.name) && { own: ownAddress(vps.name) }),
    at: vps.origin.at("name"),
  }));
}

function standbySeats(inventory: Inventory): readonly ServerSeat[] {
  const streamed = new Set(failingOver(inventory).map(({ name }) => name));
  return warmVps(inventory).map((vps) => ({
    name: atDrc(vps.name),
    role: "vps" as const,
    kind: "tenant" as const,
    tenant: atDrc(vps.owner),
    stack: DRC_STACK,
    site: "drc" as const,
    hostname: hostnameOf(inventory, vps),
    service: vps.name,
    standsFor: vps.name,
    announcing: isRunning(vps) ? "moves" : "never",
    ...(streamed.has(vps.name) && { own: ownAddress(atDrc(vps.name)) }),
    at: vps.origin.at("drc"),
  }));
}

function colocationSeats(inventory: Inventory): readonly ServerSeat[] {
  return colocatedServers(inventory.racks).map(({ name, owner, state, origin }) => ({
    name,
    role: "colocation" as const,
    kind: "colocation" as const,
    tenant: owner,
    stack: PUSAT_DATA_STACK,
    site: "pusat-data" as const,
    hostname: hostnameOf(inventory, { name, owner }),
    service: name,
    announcing: state === "installed" ? "always" : "never",
    at: origin.at(),
  }));
}

function hostnameOf(
  { kabupaten, perangkatDaerah }: Inventory,
  { name, owner }: { readonly name: string; readonly owner: string },
): string {
  const agency = perangkatDaerah.find((each) => each.name === owner);
  return `${name}.${agency?.subdomain}.intra.${kabupaten.domain}`;
}
