import type { DualPrefix, DualPrefixes } from "../core/dual.ts";
import type { Audience, Inventory, PerangkatDaerah } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { internetAccess } from "./internet-access.ts";
import type { FirewallPlan, Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";
import type { ServerSeat } from "./servers.ts";
import { NAME_SERVICE, type RouterSeat } from "./topology.ts";

const DNS_TRANSPORTS = ["udp", "tcp"] as const;

/**
 * What each router lets through. Routers of the WAN forward what the routes allow; a tenant's gateway is closed in
 * both directions but for its owner's SSH and ping, its publications, and questions to the resolvers (DESIGN section 5).
 */
export function planFirewalls(
  inventory: Inventory,
  addresses: AddressPlan,
  servers: readonly ServerSeat[],
  block: DualPrefix,
): (router: RouterSeat) => FirewallPlan {
  const kabupaten = prefixLists([block]);
  const beyond = internetAccess(inventory) === undefined ? "nothing" : "internet";
  const open: FirewallPlan = { forward: "open", beyond, openings: [] };
  const serviceOf = (matches: (server: ServerSeat) => boolean): DualPrefixes =>
    prefixLists(
      servers
        .filter(matches)
        .flatMap(({ name }) => addresses.services.get(name) ?? [])
        .map(hostPrefix),
    );
  const resolvers = serviceOf(({ role }) => role === "resolver");
  const lansOf = (agencies: readonly string[]): DualPrefixes =>
    prefixLists(agencies.flatMap((name) => addresses.lans.get(name) ?? []));

  const nameService: FirewallPlan = {
    forward: "deny",
    beyond,
    openings: [
      ...nameServiceOpenings(
        kabupaten,
        resolvers,
        serviceOf(({ role }) => role === "secondary"),
      ),
      ...(beyond === "nothing" ? [] : resolverQuestions(resolvers)),
    ],
  };

  const tenant = ({ name }: RouterSeat): FirewallPlan => {
    const agency = inventory.perangkatDaerah.find((each) => each.name === name)!;
    const own = serviceOf((server) => server.tenant === name);
    return {
      forward: "deny",
      // A server asks nobody on the internet yet: nothing in its file could name whom.
      beyond: "nothing",
      openings: [
        ...ownerOpenings(lansOf([name]), own),
        ...DNS_TRANSPORTS.map((protocol) => ({
          name: `names-${protocol}`,
          from: own,
          to: resolvers,
          protocol,
          port: 53,
        })),
        ...publications(inventory, agency, serviceOf, lansOf, kabupaten),
      ],
    };
  };

  return (router) => {
    if (router.tier !== "gateway") return open;
    return router.name === NAME_SERVICE ? nameService : tenant(router);
  };
}

/** Resolvers ask the name servers of the world; the packet filter of the exit lets out no other question of theirs. */
export function resolverQuestions(resolvers: DualPrefixes): readonly Opening[] {
  return DNS_TRANSPORTS.map((protocol) => ({
    name: `questions-${protocol}`,
    from: resolvers,
    protocol,
    port: 53,
  }));
}

function ownerOpenings(from: DualPrefixes, to: DualPrefixes): readonly Opening[] {
  return [
    { name: "ssh-from-owner", from, to, protocol: "tcp", port: 22 },
    { name: "ping-from-owner", from, to, protocol: "icmp" },
  ];
}

function nameServiceOpenings(
  kabupaten: DualPrefixes,
  resolvers: DualPrefixes,
  secondaries: DualPrefixes,
): readonly Opening[] {
  return [
    ...DNS_TRANSPORTS.flatMap((protocol) => [
      { name: `resolve-${protocol}`, from: kabupaten, to: resolvers, protocol, port: 53 },
      { name: `names-${protocol}`, to: secondaries, protocol, port: 53 },
    ]),
    { name: "ping-resolver", from: kabupaten, to: resolvers, protocol: "icmp" },
    { name: "ping-name-server", from: kabupaten, to: secondaries, protocol: "icmp" },
  ];
}

function publications(
  inventory: Inventory,
  agency: PerangkatDaerah,
  serviceOf: (matches: (server: ServerSeat) => boolean) => DualPrefixes,
  lansOf: (agencies: readonly string[]) => DualPrefixes,
  kabupaten: DualPrefixes,
): readonly Opening[] {
  const sources = (audience: Audience): { readonly from?: DualPrefixes } => {
    if (audience === "internet") return {};
    return { from: audience === "intranet" ? kabupaten : lansOf(audience) };
  };
  return inventory.vps
    .filter(({ owner, state }) => owner === agency.name && state === "active")
    .flatMap((vps) =>
      vps.publish.map(({ name, port, audience }) => ({
        name: `publish-${vps.name}-${name}`,
        ...sources(audience),
        to: serviceOf((server) => server.name === vps.name),
        protocol: "tcp" as const,
        port,
      })),
    );
}
