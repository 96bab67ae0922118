import type { DualPrefix, DualPrefixes } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { audiencePrefixes, isForInternet, publicationId, serverPort } from "./edge-plan.ts";
import { activePublications, WEB_PORTS, type Published } from "./publications.ts";
import type { Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";

/** What a tenant's gateway opens for its publications: the web to the edge alone, other ports to whom they are for. */
export function tenantPublications(
  inventory: Inventory,
  tenant: string,
  addresses: AddressPlan,
  block: DualPrefix,
  edges: DualPrefixes,
): readonly Opening[] {
  return activePublications(inventory)
    .filter(({ vps }) => vps.owner === tenant)
    .map((one) => (one.way === "edge" ? toServer(one, addresses, edges) : direct(one)));

  function direct({ vps, publication }: Published): Opening {
    const from = audiencePrefixes(publication.audience, addresses, block);
    return {
      name: `publish-${vps.name}-${publication.name}`,
      ...(from !== undefined && { from }),
      to: serviceOf(vps.name, addresses),
      protocol: "tcp",
      port: publication.port,
    };
  }
}

/** What the edges' own gateway opens: the web to them, and from them what they ask of servers. */
export function edgePublications(
  inventory: Inventory,
  addresses: AddressPlan,
  block: DualPrefix,
  edges: DualPrefixes,
  online: boolean,
): readonly Opening[] {
  const web = activePublications(inventory).filter(({ way }) => way === "edge");
  const kabupaten = prefixLists([block]);
  const strangers = online && web.some(isForInternet);
  return [
    ...WEB_PORTS.map((port) => ({
      name: `web-${port}`,
      ...(!strangers && { from: kabupaten }),
      to: edges,
      protocol: "tcp" as const,
      port,
    })),
    { name: "ping-edge", from: kabupaten, to: edges, protocol: "icmp" },
    ...web.map((one) => toServer(one, addresses, edges)),
  ];
}

function toServer(one: Published, addresses: AddressPlan, edges: DualPrefixes): Opening {
  return {
    name: `publish-${publicationId(one).replace(".", "-")}`,
    from: edges,
    to: serviceOf(one.vps.name, addresses),
    protocol: "tcp",
    port: serverPort(one),
  };
}

function serviceOf(vps: string, { services }: AddressPlan): DualPrefixes {
  const address = services.get(vps);
  return prefixLists(address === undefined ? [] : [hostPrefix(address)]);
}
