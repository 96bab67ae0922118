import type { DualPrefix, DualPrefixes } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { backupOpenings, machineBackups } from "./backup-openings.ts";
import { leadsBeyond, tenantEgress } from "./egress-openings.ts";
import { failoverOpenings } from "./failover-openings.ts";
import { internetAccess } from "./internet-access.ts";
import { ipv6Pool } from "./ipv6-pools.ts";
import { replicaOpenings } from "./replica-seats.ts";
import type { FirewallPlan, ManagementPlan, Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";
import type { ServerSeat } from "./servers.ts";
import { isManagementGateway, type RouterSeat } from "./topology.ts";
import {
  atDrc,
  BACKUP,
  BACKUP_DRC,
  EDGE,
  MANAGEMENT,
  NAME_SERVICE,
  WITNESS,
} from "./part-names.ts";
import { edgePublications, tenantPublications } from "./publication-openings.ts";

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
  management: ManagementPlan,
): (router: RouterSeat) => FirewallPlan {
  const kabupaten = prefixLists([block]);
  const beyond = internetAccess(inventory) === undefined ? "nothing" : "internet";
  const serviceOf = (matches: (server: ServerSeat) => boolean): DualPrefixes =>
    prefixLists(
      [...new Set(servers.filter(matches).flatMap(addressNames))]
        .flatMap((name) => addresses.services.get(name) ?? [])
        .map(hostPrefix),
    );
  const resolvers = serviceOf(({ role }) => role === "resolver");
  const secondaries = servers.filter(({ role }) => role === "secondary");
  const lansOf = (agencies: readonly string[]): DualPrefixes =>
    prefixLists(agencies.flatMap((name) => addresses.lans.get(name) ?? []));

  const edges = serviceOf(({ role }) => role === "edge");
  const open: FirewallPlan = { forward: "open", beyond, openings: [], management };
  const stations: FirewallPlan = {
    forward: "deny",
    beyond: "nothing",
    management,
    openings: stationOpenings(prefixLists([management.stations]), management, resolvers),
  };
  const nameService: FirewallPlan = {
    forward: "deny",
    beyond,
    management,
    openings: [
      ...nameServiceOpenings(
        kabupaten,
        resolvers,
        serviceOf(({ role }) => role === "secondary"),
      ),
      ...(new Set(secondaries.map(({ site }) => site)).size > 1
        ? transfers(
            serviceOf(({ role }) => role === "secondary"),
            serviceOf(({ role }) => role === "primary"),
          )
        : []),
      ...(beyond === "nothing" ? [] : resolverQuestions(resolvers)),
    ],
  };

  const edge: FirewallPlan = {
    forward: "deny",
    beyond,
    management,
    openings: edgePublications(inventory, addresses, block, edges, beyond === "internet"),
  };

  const backup: FirewallPlan = {
    forward: "deny",
    beyond: "nothing",
    management,
    openings: [
      ...backupOpenings(inventory, addresses),
      ...replicaOpenings(addresses),
      ...failoverOpenings(inventory, addresses),
    ],
  };

  const witness: FirewallPlan = {
    forward: "deny",
    beyond: "nothing",
    management,
    openings: failoverOpenings(inventory, addresses),
  };

  const tenant = (segment: string): FirewallPlan => {
    const behind = servers.filter((server) => server.tenant === segment);
    const own = serviceOf((server) => behind.includes(server));
    // A standby is let through what its server is.
    const name = inventory.perangkatDaerah.find(
      (each) => segment === each.name || segment === atDrc(each.name),
    )!.name;
    const egress = tenantEgress(inventory, name, addresses, block, edges);
    return {
      forward: "deny",
      beyond: egress.some(({ to }) => leadsBeyond(to, block)) ? beyond : "nothing",
      management,
      openings: [
        ...ownerOpenings(lansOf([name]), own),
        ...DNS_TRANSPORTS.map((protocol) => ({
          name: `names-${protocol}`,
          from: own,
          to: resolvers,
          protocol,
          port: 53,
        })),
        ...egress,
        ...machineBackups(inventory, name, addresses),
        ...failoverOpenings(inventory, addresses, name),
        ...tenantPublications(inventory, name, addresses, block, edges),
      ],
    };
  };

  return (router) => {
    if (router.tier !== "gateway") return open;
    if (isManagementGateway(router)) return stations;
    if (isPart(router, EDGE)) return edge;
    if (router.name === BACKUP || router.name === BACKUP_DRC) return backup;
    if (router.name === WITNESS) return witness;
    return isPart(router, NAME_SERVICE) ? nameService : tenant(router.name);
  };
}

/** Of the Pusat Data or of the DRC. */
function isPart({ name }: RouterSeat, part: string): boolean {
  return name === part || name === atDrc(part);
}

/** Names of the addresses that lead to a server. */
function addressNames({ service, shared }: ServerSeat): readonly string[] {
  return shared === undefined ? [service] : [service, shared.service];
}

/** A secondary at another site fetches its zones over the routers. */
function transfers(from: DualPrefixes, to: DualPrefixes): readonly Opening[] {
  return DNS_TRANSPORTS.map((protocol) => ({
    name: `transfer-${protocol}`,
    from,
    to,
    protocol,
    port: 53,
  }));
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

/** The pool of routers' management addresses, and the segment from which they are reached (ADR-0015). */
export function managementPlan(
  { kabupaten }: Inventory,
  { segments }: AddressPlan,
): ManagementPlan {
  const { pools, ipv6 } = kabupaten.addressing;
  return {
    pool: { ipv4: pools.get(MANAGEMENT)!, ipv6: ipv6Pool(ipv6, MANAGEMENT) },
    stations: segments.get(MANAGEMENT)!,
  };
}

/** SSH, HTTPS, WinBox of RouterOS. */
const MANAGEMENT_PORTS = { ssh: 22, https: 443, winbox: 8291 } as const;

/** From their own segment stations reach routers and names, and nobody reaches them. */
function stationOpenings(
  from: DualPrefixes,
  { pool }: ManagementPlan,
  resolvers: DualPrefixes,
): readonly Opening[] {
  const to = prefixLists([pool]);
  return [
    { name: "manage-ping", from, to, protocol: "icmp" },
    ...Object.entries(MANAGEMENT_PORTS).map(([name, port]) => ({
      name: `manage-${name}`,
      from,
      to,
      protocol: "tcp" as const,
      port,
    })),
    { name: "manage-snmp", from, to, protocol: "udp", port: 161 },
    ...DNS_TRANSPORTS.map((protocol) => ({
      name: `names-${protocol}`,
      from,
      to: resolvers,
      protocol,
      port: 53,
    })),
  ];
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
