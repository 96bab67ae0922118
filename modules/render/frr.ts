import { hubNeighbours } from "../plan/bgp-policy.ts";
import { LAN, HUB_MARGIN, MOST_ROUTES, type Device, type DevicePort } from "../plan/device.ts";
import type { HubPeer, NeighbourPlan, RouterPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { deviceRemarks } from "./device-remarks.ts";
import { frrFilters, peerFilter, SHORT_PATH } from "./frr-filters.ts";
import { frrBlock, frrComment } from "./frr-text.ts";
import { sortedPrefixes } from "./prefix-list.ts";

/**
 * `frr.conf` of one router, for zebra, staticd, bgpd and bfdd (FRR 8.4 and later, integrated configuration). Packets
 * are filtered by the `nftables.conf` that goes with it.
 */
export function frrConfig(device: Device): string {
  const { router } = device;
  const parts = [
    ...deviceRemarks(device).map(frrComment),
    ...head(router),
    ...device.ports.map(portBlock),
    loopback(router),
    ...FAMILIES.flatMap((family) => statics(router, family)),
    SHORT_PATH,
    "!",
    ...FAMILIES.flatMap((family) => frrFilters(device, family)),
    "ip protocol bgp route-map source4",
    "ipv6 protocol bgp route-map source6",
    "!",
    bfd(router),
    bgp(router),
  ];
  return `${parts.join("\n")}\n`;
}

function head({ name }: RouterPlan): readonly string[] {
  return [
    "!",
    "frr defaults traditional",
    `hostname ${name}`,
    "log syslog informational",
    "service integrated-vtysh-config",
    "ip forwarding",
    "ipv6 forwarding",
    "!",
  ];
}

/** The LAN's port announces the prefix to its devices; no other port announces anything. */
function portBlock({ names, segment, address, prefix, towards }: DevicePort): string {
  return frrBlock(`interface ${names[0]}`, [
    `description ${segment}: ${towards}`,
    `ip address ${address.ipv4.text}/${prefix.ipv4.length}`,
    `ipv6 address ${address.ipv6.text}/${prefix.ipv6.length}`,
    ...(segment === LAN ? ["no ipv6 nd suppress-ra"] : []),
  ]);
}

function loopback({ loopback: own, management }: RouterPlan): string {
  const addresses = [own, management].flatMap(({ ipv4, ipv6 }) => [
    `ip address ${ipv4.hostPrefix}`,
    `ipv6 address ${ipv6.hostPrefix}`,
  ]);
  return frrBlock("interface lo", addresses);
}

/** What is announced leads nowhere where nothing nearer is known (RFC 4632 section 5.1); servers by their address. */
function statics({ originates }: RouterPlan, { key }: Family): readonly string[] {
  const ip = key === "ipv4" ? "ip" : "ipv6";
  const lines = originates.map((route) =>
    route.via === "server"
      ? `${ip} route ${route.prefix[key].text} ${route.server[key].text}`
      : `${ip} route ${route.prefix[key].text} blackhole 250`,
  );
  return [...lines.toSorted(), "!"];
}

/** A profile for each interval that some neighbour has. */
function bfd(router: RouterPlan): string {
  const neighbours = [...router.uplinks, ...hubNeighbours(router)];
  const intervals = [...new Set(neighbours.map(({ bfdInterval }) => bfdInterval))];
  const profiles = intervals
    .toSorted((a, b) => a - b)
    .map(
      (interval) => ` profile ${bfdProfile(interval)}
  detect-multiplier 3
  receive-interval ${interval}
  transmit-interval ${interval}
 exit`,
    );
  return ["bfd", ...profiles, "exit", "!"].join("\n");
}

function bfdProfile(interval: number): string {
  return `simpul-${interval}`;
}

function bgp(router: RouterPlan): string {
  const peers = hubNeighbours(router);
  const families = FAMILIES.flatMap((family) => addressFamily(router, peers, family));
  return frrBlock(`router bgp ${router.asn}`, [
    `bgp router-id ${router.loopback.ipv4.text}`,
    "bgp log-neighbor-changes",
    "no bgp default ipv4-unicast",
    "bgp bestpath as-path multipath-relax",
    "timers bgp 10 30",
    ...[...router.uplinks, ...peers].flatMap((one) =>
      FAMILIES.flatMap((family) => neighbour(one, family)),
    ),
    ...families,
  ]);
}

/**
 * No `ttl-security`: with it FRR 8.4 takes BFD's session for one over several hops, which no neighbour answers. The packet
 * filter sets and asks for the hop limit of 255 instead (RFC 5082).
 */
function neighbour(one: NeighbourPlan, { key }: Family): readonly string[] {
  const address = one.address[key].text;
  return [
    `neighbor ${address} remote-as ${one.asn}`,
    `neighbor ${address} description ${one.router} on ${one.segment}`,
    `neighbor ${address} enforce-first-as`,
    `neighbor ${address} timers connect 5`,
    `neighbor ${address} bfd profile ${bfdProfile(one.bfdInterval)}`,
  ];
}

function addressFamily(
  router: RouterPlan,
  peers: readonly HubPeer[],
  family: Family,
): readonly string[] {
  const { key, number } = family;
  const networks = sortedPrefixes(router.originates.map(({ prefix }) => prefix[key]));
  const session = (one: NeighbourPlan, into: string, out: string, most: number): string[] => {
    const own = `neighbor ${one.address[key].text}`;
    return [
      `${own} activate`,
      `${own} soft-reconfiguration inbound`,
      `${own} route-map ${into} in`,
      `${own} route-map ${out} out`,
      `${own} maximum-prefix ${most} restart 5`,
    ];
  };
  const lines = [
    ...networks.map(({ text }) => `network ${text}`),
    ...router.uplinks.flatMap((one) =>
      session(one, `from-uplink${number}`, `to-uplink${number}`, MOST_ROUTES),
    ),
    ...peers.flatMap((peer) =>
      session(
        peer,
        peerFilter(peer, family),
        `to-hub${number}`,
        peer.mayAnnounce[key].length + HUB_MARGIN,
      ),
    ),
  ];
  return [
    `address-family ${key} unicast`,
    ...lines.map((line) => ` ${line}`),
    "exit-address-family",
  ];
}
