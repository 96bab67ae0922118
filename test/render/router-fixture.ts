import { Address } from "../../modules/core/address.ts";
import type { DualAddress, DualPrefix, DualPrefixes } from "../../modules/core/dual.ts";
import { Fault } from "../../modules/core/fault.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import type {
  HubPeer,
  HubPlan,
  InterfacePlan,
  NeighbourPlan,
  RouterPlan,
} from "../../modules/plan/router-plan.ts";

/** A small kabupaten made by hand: a core, a POP with agencies, a tenant's gateway at Pusat Data. No real one has its block. */
export const BLOCK = prefixes("10.208.0.0/12", "fd5c:ad00:7031::/48");
export const BACKBONE = segment("backbone-a", "10.208.0.0/24", "fd5c:ad00:7031:1::/64");
export const ACCESS = segment("access-parakan", "10.208.16.0/22", "fd5c:ad00:7031:2::/64");
export const SITE = segment("pusat-data", "10.210.0.0/24", "fd5c:ad00:7031:3::/64");
export const TENANT = segment("dinas-kesehatan", "10.210.1.0/24", "fd5c:ad00:7031:4::/64");
export const MANAGEMENT = {
  pool: prefixes("10.209.16.0/20", "fd5c:ad00:7031:fe00::/56"),
  stations: prefixes("10.209.31.0/24", "fd5c:ad00:7031:fe20::/64"),
};
const AGGREGATES = [
  prefixes("10.212.0.0/18", "fd5c:ad00:7031:8000::/54"),
  prefixes("10.209.1.0/24", "fd5c:ad00:7031:ff01::/64"),
];
export const SERVICE = addresses("10.210.128.7", "fd5c:ad00:7031:5::7");
export const SERVER = addresses("10.210.1.10", "fd5c:ad00:7031:4::10");

export interface Segment {
  readonly name: string;
  readonly prefix: DualPrefix;
}

/** The kabupaten with this many agencies behind the POP; agency N is `dinas-N`. */
export function kabupaten(agencies: number): {
  readonly core: RouterPlan;
  readonly pop: RouterPlan;
  readonly gateway: RouterPlan;
  readonly agencies: readonly RouterPlan[];
} {
  const numbers = Array.from({ length: agencies }, (_, at) => at + 1);
  return {
    core: core(),
    pop: pop(numbers),
    gateway: gateway(),
    agencies: numbers.map(agency),
  };
}

/** The core with another one beside it on the backbone: the core of a DRC, which it dials or waits for. */
export function withDrc(one: RouterPlan, dialled = true): RouterPlan {
  const loopback = addresses("10.209.0.2", "fd5c:ad00:7031:ff00::2");
  const drc = {
    ...neighbour("core-drc", 4_200_000_001, BACKBONE, 2n),
    mayAnnounce: lists([host(loopback), ...AGGREGATES, host(SERVICE)]),
    dialled,
  };
  return {
    ...one,
    hubs: one.hubs.map((hub) => (hub.segment === BACKBONE.name ? { ...hub, beside: [drc] } : hub)),
  };
}

function core(): RouterPlan {
  const loopback = addresses("10.209.0.1", "fd5c:ad00:7031:ff00::1");
  return {
    ...router("core-pusat-data", "core", 4_200_000_000, loopback),
    interfaces: [on(BACKBONE, 1n), on(SITE, 1n)],
    hubs: [hub(BACKBONE, [popPeer()]), hub(SITE, [gatewayPeer()])],
    originates: [{ via: "self", prefix: host(loopback) }],
  };
}

function pop(agencies: readonly number[]): RouterPlan {
  const loopback = addresses("10.209.1.1", "fd5c:ad00:7031:ff01::1");
  return {
    ...router("pop-parakan", "pop", 4_200_001_000, loopback),
    interfaces: [on(BACKBONE, 10n), on(ACCESS, 1n)],
    uplinks: [neighbour("core-pusat-data", 4_200_000_000, BACKBONE, 1n)],
    hubs: [hub(ACCESS, agencies.map(agencyPeer))],
    originates: [
      { via: "self", prefix: host(loopback) },
      ...AGGREGATES.map((prefix) => ({ via: "aggregate" as const, prefix })),
    ],
    aggregates: lists(AGGREGATES),
  };
}

function agency(number: number): RouterPlan {
  const loopback = agencyLoopback(number);
  const lan = agencyLan(number);
  return {
    ...router(`dinas-${number}`, "perangkat-daerah", 4_200_002_000 + number, loopback),
    interfaces: [on(ACCESS, BigInt(9 + number))],
    lan,
    source: { ipv4: Address.inside(lan.ipv4, 1n), ipv6: Address.inside(lan.ipv6, 1n) },
    uplinks: [neighbour("pop-parakan", 4_200_001_000, ACCESS, 1n)],
    originates: [
      { via: "self", prefix: host(loopback) },
      { via: "self", prefix: lan },
    ],
  };
}

function gateway(): RouterPlan {
  const loopback = addresses("10.209.0.20", "fd5c:ad00:7031:ff00::20");
  return {
    ...router("dinas-kesehatan", "gateway", 4_200_003_000, loopback),
    role: "gateway",
    interfaces: [on(SITE, 20n), on(TENANT, 1n)],
    uplinks: [neighbour("core-pusat-data", 4_200_000_000, SITE, 1n)],
    originates: [
      { via: "self", prefix: host(loopback) },
      { via: "server", prefix: host(SERVICE), server: SERVER },
    ],
    firewall: {
      forward: "deny",
      beyond: "nothing",
      management: MANAGEMENT,
      openings: [
        {
          name: "ssh-from-owner",
          from: lists([agencyLan(1)]),
          to: lists([host(SERVICE)]),
          protocol: "tcp",
          port: 22,
        },
        {
          name: "ping-from-owner",
          from: lists([agencyLan(1)]),
          to: lists([host(SERVICE)]),
          protocol: "icmp",
        },
        {
          name: "names-udp",
          from: lists([host(SERVICE)]),
          to: lists([BLOCK]),
          protocol: "udp",
          port: 53,
        },
        {
          name: "publish-nobody",
          from: lists([]),
          to: lists([host(SERVICE)]),
          protocol: "tcp",
          port: 443,
        },
        { name: "publish-all", to: lists([host(SERVICE)]), protocol: "tcp", port: 8443 },
      ],
    },
  };
}

function popPeer(): HubPeer {
  return {
    ...neighbour("pop-parakan", 4_200_001_000, BACKBONE, 10n),
    mayAnnounce: lists(AGGREGATES),
  };
}

function gatewayPeer(): HubPeer {
  return {
    ...neighbour("dinas-kesehatan", 4_200_003_000, SITE, 20n),
    mayAnnounce: lists([host(addresses("10.209.0.20", "fd5c:ad00:7031:ff00::20")), host(SERVICE)]),
  };
}

function agencyPeer(number: number): HubPeer {
  return {
    ...neighbour(`dinas-${number}`, 4_200_002_000 + number, ACCESS, BigInt(9 + number)),
    mayAnnounce: lists([host(agencyLoopback(number)), agencyLan(number)]),
  };
}

/** `10.212.N.0/24`; past 63 in the next /16, which no test announces. */
export function agencyLan(number: number): DualPrefix {
  const ipv4 = `10.${212 + (number >> 8)}.${number & 255}.0/24`;
  return prefixes(ipv4, `fd5c:ad00:7031:8${number.toString(16).padStart(3, "0")}::/64`);
}

function agencyLoopback(number: number): DualAddress {
  const low = 10 + number;
  return addresses(
    `10.209.${1 + (low >> 8)}.${low & 255}`,
    `fd5c:ad00:7031:ff01::${low.toString(16)}`,
  );
}

function router(
  name: string,
  tier: RouterPlan["tier"],
  asn: number,
  loopback: DualAddress,
): RouterPlan {
  return {
    name,
    role: "router",
    tier,
    title: `Router ${name}`,
    stack: "scratch",
    kind: "container",
    asn,
    loopback,
    management: managementOf(loopback),
    interfaces: [],
    source: loopback,
    uplinks: [],
    hubs: [],
    originates: [],
    aggregates: lists([]),
    firewall: { forward: "open", beyond: "nothing", openings: [], management: MANAGEMENT },
    internet: [],
  };
}

/** As far into the pool `management` as the loopback stands in its own. */
function managementOf({ ipv4, ipv6 }: DualAddress): DualAddress {
  return addresses(
    ipv4.text.replace("10.209.", "10.209.1"),
    ipv6.text.replace(":7031:ff0", ":7031:fe0"),
  );
}

function on({ name, prefix }: Segment, at: bigint): InterfacePlan {
  return { segment: name, prefix, address: inside(prefix, at) };
}

function neighbour(
  name: string,
  asn: number,
  { name: at, prefix }: Segment,
  host: bigint,
): NeighbourPlan {
  return { router: name, asn, segment: at, address: inside(prefix, host), ...bfd(at) };
}

function hub({ name, prefix }: Segment, peers: readonly HubPeer[]): HubPlan {
  return { segment: name, prefix, peers, beside: [], ...bfd(name) };
}

/** As if there were another core, and no other POP. */
function bfd(segment: string): { readonly bfdInterval: number } {
  return { bfdInterval: segment === ACCESS.name ? 1_000 : 200 };
}

function inside({ ipv4, ipv6 }: DualPrefix, at: bigint): DualAddress {
  return { ipv4: Address.inside(ipv4, at), ipv6: Address.inside(ipv6, at) };
}

function segment(name: string, ipv4: string, ipv6: string): Segment {
  return { name, prefix: prefixes(ipv4, ipv6) };
}

export function lists(pairs: readonly DualPrefix[]): DualPrefixes {
  return { ipv4: pairs.map(({ ipv4 }) => ipv4), ipv6: pairs.map(({ ipv6 }) => ipv6) };
}

export function prefixes(ipv4: string, ipv6: string): DualPrefix {
  return { ipv4: valid(Prefix.parse(ipv4)), ipv6: valid(Prefix.parse(ipv6)) };
}

export function addresses(ipv4: string, ipv6: string): DualAddress {
  return { ipv4: valid(Address.parse(ipv4)), ipv6: valid(Address.parse(ipv6)) };
}

function host({ ipv4, ipv6 }: DualAddress): DualPrefix {
  return prefixes(ipv4.hostPrefix, ipv6.hostPrefix);
}

function valid<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
