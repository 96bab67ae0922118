import type { DualPrefix, DualPrefixes } from "../core/dual.ts";
import { Prefix } from "../core/prefix.ts";
import type { Egress, Inventory, Vps } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { activePublications } from "./publications.ts";
import type { Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";

/** What the servers of a tenant may ask: what the kabupaten lets every server ask, and what their own files name. */
export function tenantEgress(
  inventory: Inventory,
  tenant: string,
  addresses: AddressPlan,
  block: DualPrefix,
  edges: DualPrefixes,
): readonly Opening[] {
  const own = activeServers(inventory).filter(({ owner }) => owner === tenant);
  const all = prefixLists(own.flatMap(({ name }) => serviceOf(name, addresses)));
  const target = (egress: Egress): DualPrefixes =>
    targetOf(egress, inventory, addresses, block, edges);
  return [
    ...inventory.kabupaten.egress.map((egress, index) =>
      opening(`egress-all-${index + 1}`, all, target(egress), egress),
    ),
    ...own.flatMap(({ name, egress }) =>
      egress.map((one, index) =>
        opening(
          `egress-${name}-${index + 1}`,
          prefixLists(serviceOf(name, addresses)),
          target(one),
          one,
        ),
      ),
    ),
  ];
}

/** The part of it that leaves the kabupaten: what the exit lets out. */
export function egressBeyond(
  inventory: Inventory,
  addresses: AddressPlan,
  block: DualPrefix,
): readonly Opening[] {
  const nobody = prefixLists([]);
  const owners = [...new Set(activeServers(inventory).map(({ owner }) => owner))].toSorted();
  return owners
    .flatMap((tenant) => tenantEgress(inventory, tenant, addresses, block, nobody))
    .filter(({ to }) => leadsBeyond(to, block));
}

/** Whether any of these openings leads out of the kabupaten's block. */
export function leadsBeyond(to: DualPrefixes | undefined, block: DualPrefix): boolean {
  if (to === undefined) return true;
  return [...to.ipv4, ...to.ipv6].some(
    (prefix) => !block.ipv4.contains(prefix) && !block.ipv6.contains(prefix),
  );
}

/** A suspended server asks nobody. */
function activeServers({ vps }: Inventory): readonly Vps[] {
  return vps.filter(({ state }) => state === "active");
}

function opening(
  name: string,
  from: DualPrefixes,
  to: DualPrefixes,
  { protocol, port }: Egress,
): Opening {
  return { name, from, to, protocol, port };
}

/** A server's web is asked for at the edge, where its name leads; that the server may be asked is for its own file to say. */
function targetOf(
  { to, port }: Egress,
  inventory: Inventory,
  addresses: AddressPlan,
  block: DualPrefix,
  edges: DualPrefixes,
): DualPrefixes {
  if (to.kind === "internet") return { ipv4: allBut(block.ipv4), ipv6: allBut(block.ipv6) };
  if (to.kind === "prefix")
    return to.prefix.family === 4
      ? { ipv4: [to.prefix], ipv6: [] }
      : { ipv4: [], ipv6: [to.prefix] };
  const isWeb = activePublications(inventory).some(
    ({ vps, publication, way }) =>
      way === "edge" && vps.name === to.name && publication.port === port,
  );
  return isWeb ? edges : prefixLists(serviceOf(to.name, addresses));
}

/** All addresses of the family but these, in as few prefixes as there are bits in it. */
function allBut({ family, first, length }: Prefix): readonly Prefix[] {
  const bits = BigInt(family === 4 ? 32 : 128);
  return Array.from({ length }, (_, index) => {
    const shift = bits - BigInt(index + 1);
    return Prefix.of(family, ((first >> shift) ^ 1n) << shift, index + 1);
  });
}

function serviceOf(vps: string, { services }: AddressPlan): readonly DualPrefix[] {
  const address = services.get(vps);
  return address === undefined ? [] : [hostPrefix(address)];
}
