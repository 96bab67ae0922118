import type { Place } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import { colocatedServers } from "../inventory/rack.ts";
import { backupSeats } from "./backup-seats.ts";
import { DNS_STACK, EDGE, NAME_SERVICE, PUSAT_DATA_STACK, SERVICES_STACK } from "./part-names.ts";
import { hasEdge } from "./publications.ts";
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
    | "backup-copier";
  /** Kind of its address in `ip list`. */
  readonly kind: "vps" | "colocation" | "tenant";
  /** Segment it stands on. */
  readonly tenant: string;
  readonly stack: string;
  /** Its own name, without a final dot. */
  readonly hostname: string;
  /** Whether its gateway announces its service address: not while it is suspended, planned or off. */
  readonly announced: boolean;
  readonly at: Place;
}

/** Every server that is to have addresses: VPS and colocated servers that have not left, the name service, the edge. */
export function seatServers(inventory: Inventory): readonly ServerSeat[] {
  const { domain, origin } = inventory.kabupaten;
  const subdomains = new Map(
    inventory.perangkatDaerah.map(({ name, subdomain }) => [name, subdomain]),
  );
  const at = origin.at("domain");
  const nameService = {
    kind: "tenant",
    tenant: NAME_SERVICE,
    stack: DNS_STACK,
    announced: true,
    at,
  } as const;
  return [
    { ...nameService, name: "ns-primary", role: "primary", hostname: `ns-primary.intra.${domain}` },
    { ...nameService, name: "ns1", role: "secondary", hostname: `ns1.${domain}` },
    { ...nameService, name: "resolver1", role: "resolver", hostname: `resolver1.intra.${domain}` },
    ...(hasEdge(inventory)
      ? [
          {
            name: "edge1",
            role: "edge" as const,
            kind: "tenant" as const,
            tenant: EDGE,
            stack: SERVICES_STACK,
            hostname: `edge1.intra.${domain}`,
            announced: true,
            at,
          },
        ]
      : []),
    ...backupSeats(inventory),
    ...keptVps(inventory).map((vps) => ({
      name: vps.name,
      role: "vps" as const,
      kind: "vps" as const,
      tenant: vps.owner,
      stack: PUSAT_DATA_STACK,
      hostname: `${vps.name}.${subdomains.get(vps.owner)}.intra.${domain}`,
      announced: isRunning(vps),
      at: vps.origin.at("name"),
    })),
    ...colocatedServers(inventory.racks).map(({ name, owner, state, origin }) => ({
      name,
      role: "colocation" as const,
      kind: "colocation" as const,
      tenant: owner,
      stack: PUSAT_DATA_STACK,
      hostname: `${name}.${subdomains.get(owner)}.intra.${domain}`,
      announced: state === "installed",
      at: origin.at(),
    })),
  ];
}
