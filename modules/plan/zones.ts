import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Address } from "../core/address.ts";
import type { DualAddress } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import type { RecordPlan, ZonePlan } from "./dns-plan.ts";
import { nameTaken } from "./plan-findings.ts";
import { activePublications, namesOf } from "./publications.ts";
import { reverseName, reverseZones } from "./reverse-zones.ts";
import { firstHost } from "./routing.ts";
import type { ServerSeat } from "./servers.ts";
import { routerKey, type RouterSeat } from "./topology.ts";

/** Seconds that a resolver may keep an answer: names of agencies move in minutes, name servers in hours. */
const TTL = { host: 300, nameServer: 3600 };

/** One name that leads to a pair of addresses. */
interface Named {
  /** Absolute, without the final dot. */
  readonly name: string;
  readonly address: DualAddress;
  readonly owner: string;
  readonly at: Place;
  /** Whether the addresses lead back to this name. */
  readonly reverse: boolean;
}

/** All zones of a kabupaten: the public one, `intra.` below it, and the reverse ones. */
export function planZones(
  inventory: Inventory,
  routers: readonly RouterSeat[],
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
): { readonly result: readonly ZonePlan[]; readonly findings: readonly Diagnostic[] } {
  const { domain, dinas, addressing } = inventory.kabupaten;
  const internal = unique([
    ...serverNames(inventory, servers, addresses),
    ...sharedNames(inventory, servers, addresses),
    ...routerNames(inventory, routers, addresses),
    ...publishedNames(inventory, servers, addresses, "internal"),
  ]);
  const open = [
    ...secondaryNames(inventory, servers, addresses),
    ...publishedNames(inventory, servers, addresses, "open"),
  ];
  const nameServers = servers.filter(({ role }) => role === "secondary");
  const apex = (zone: string): readonly RecordPlan[] =>
    nameServers.map(({ hostname }) => ({
      name: zone,
      type: "NS",
      ttl: TTL.nameServer,
      data: `${hostname}.`,
      owner: dinas,
    }));
  const forward = (
    name: string,
    visibility: "public" | "internal",
    names: readonly Named[],
  ): ZonePlan => ({
    name,
    visibility,
    records: sorted([...apex(name), ...names.flatMap(addressRecords)]),
  });
  const pointers = [...internal, ...open].filter(({ reverse }) => reverse).flatMap(pointerRecords);
  return {
    result: [
      forward(`${domain}.`, "public", open),
      forward(`intra.${domain}.`, "internal", internal),
      ...reverseZones({ ipv4: addressing.ipv4, ipv6: addressing.ipv6 }).map((name) => ({
        name,
        visibility: "internal" as const,
        records: sorted([
          ...apex(name),
          ...pointers.filter((record) => record.name.endsWith(`.${name}`)),
        ]),
      })),
    ].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    findings: [...twice(internal), ...twice(open)],
  };
}

function serverNames(
  { kabupaten }: Inventory,
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
): readonly Named[] {
  return servers
    .filter(({ role }) => ["vps", "colocation", "resolver", "edge", "backup-server"].includes(role))
    .filter(({ standsFor }) => standsFor === undefined)
    .flatMap(({ service, role, hostname, tenant, at }) => {
      const address = addresses.services.get(service);
      const ofDinas = role === "resolver" || role === "backup-server";
      const owner = ofDinas ? kabupaten.dinas : tenant;
      return address ? [{ name: hostname, address, owner, at, reverse: true }] : [];
    });
}

/** The address that everybody asks for names, where several resolvers answer at it. */
function sharedNames(
  { kabupaten }: Inventory,
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
): readonly Named[] {
  const first = servers.find(({ shared }) => shared?.as === "equal");
  const address = first?.shared && addresses.services.get(first.shared.service);
  if (first === undefined || address === undefined) return [];
  const name = `resolver.intra.${kabupaten.domain}`;
  return [{ name, address, owner: kabupaten.dinas, at: first.at, reverse: true }];
}

function secondaryNames(
  { kabupaten }: Inventory,
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
): readonly Named[] {
  return servers
    .filter(({ role }) => role === "secondary")
    .flatMap(({ service, hostname, at }) => {
      const address = addresses.services.get(service);
      return address
        ? [{ name: hostname, address, owner: kabupaten.dinas, at, reverse: true }]
        : [];
    });
}

/** Routers by their loopbacks below `router.intra`, and each agency's own as `router.<subdomain>.intra`. */
function routerNames(
  { kabupaten, perangkatDaerah }: Inventory,
  routers: readonly RouterSeat[],
  addresses: AddressPlan,
): readonly Named[] {
  const { domain, dinas } = kabupaten;
  const loopbacks = routers.flatMap((router) => {
    const address = addresses.loopbacks.get(routerKey(router));
    const label = router.role === "gateway" ? `gateway-${router.name}` : router.name;
    const name = `${label}.router.intra.${domain}`;
    return address ? [{ name, address, owner: dinas, at: router.at, reverse: true }] : [];
  });
  const lans = perangkatDaerah.flatMap(({ name: owner, subdomain, origin }) => {
    const lan = addresses.lans.get(owner);
    const name = `router.${subdomain}.intra.${domain}`;
    return lan
      ? [{ name, address: firstHost(lan), owner, at: origin.at("subdomain"), reverse: true }]
      : [];
  });
  return [...loopbacks, ...lans];
}

/** Names that the edge answers lead to it, all others to the server. */
function publishedNames(
  inventory: Inventory,
  servers: readonly ServerSeat[],
  addresses: AddressPlan,
  which: "open" | "internal",
): readonly Named[] {
  const edges = servers
    .filter(({ role, shared }) => role === "edge" && shared === undefined)
    .map(({ service }) => service);
  return activePublications(inventory).flatMap((one) => {
    const { vps, index, way, publication } = one;
    // Inside, a server's own name is the server's.
    if (way === "edge" && which === "internal" && publication.name === vps.name) return [];
    return (way === "edge" ? edges : [vps.name])
      .flatMap((server) => addresses.services.get(server) ?? [])
      .flatMap((address) =>
        namesOf(one, inventory)[which].map((name) => ({
          name,
          address,
          owner: vps.owner,
          at: vps.origin.at("publish", index, "name"),
          reverse: false,
        })),
      );
  });
}

function addressRecords({ name, address, owner }: Named): readonly RecordPlan[] {
  const record = { name: `${name}.`, ttl: TTL.host, owner };
  return [
    { ...record, type: "A", data: address.ipv4.text },
    { ...record, type: "AAAA", data: address.ipv6.text },
  ];
}

function pointerRecords({ name, address, owner }: Named): readonly RecordPlan[] {
  return [address.ipv4, address.ipv6].map((each: Address) => ({
    name: reverseName(each),
    type: "PTR",
    ttl: TTL.host,
    data: `${name}.`,
    owner,
  }));
}

/** A VPS may publish under its own name: that is one name, not two. */
function unique(names: readonly Named[]): readonly Named[] {
  const seen = new Set<string>();
  return names.filter(({ name, address }) => {
    const key = `${name} ${address.ipv4.text}`;
    return !seen.has(key) && seen.add(key);
  });
}

function twice(names: readonly Named[]): readonly Diagnostic[] {
  const first = new Map<string, Named>();
  const findings: Diagnostic[] = [];
  for (const named of names) {
    const other = first.get(named.name);
    if (other === undefined) first.set(named.name, named);
    else
      findings.push(
        nameTaken(named.at, named.name, other.at),
        nameTaken(other.at, named.name, named.at),
      );
  }
  return findings;
}

function sorted(records: readonly RecordPlan[]): readonly RecordPlan[] {
  const key = ({ name, type, data }: RecordPlan): string => `${name} ${type} ${data}`;
  return records.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
