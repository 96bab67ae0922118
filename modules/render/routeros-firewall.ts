import type { Prefix } from "../core/prefix.ts";
import { NOT_ON_THE_INTERNET } from "../core/special-purpose.ts";
import { hubNeighbours } from "../plan/bgp-policy.ts";
import { LAN, type Device, type DevicePort } from "../plan/device.ts";
import { leadsToStations } from "../plan/leads-to-stations.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { withoutNested } from "./prefix-list.ts";
import { openingRules } from "./routeros-openings.ts";
import { interfaceOf } from "./routeros-interface.ts";
import { routerosMenu } from "./routeros-text.ts";

/**
 * The packet filter, as modules/render/nftables.ts has it for Linux: who may speak to the router, where packets from a
 * port may come from (BCP 38), and what a closed gateway opens.
 */
export function routerosFirewall(device: Device): readonly string[] {
  return FAMILIES.flatMap((family) => {
    const menu = family.key === "ipv4" ? "/ip/firewall" : "/ipv6/firewall";
    return [
      ...routerosMenu(`${menu}/address-list`, lists(device, family)),
      ...routerosMenu(`${menu}/filter`, [
        ...input(device, family),
        ...forward(device, family),
        ...outputRules(family),
      ]),
    ];
  });
}

function lists({ router, block, ports }: Device, { key, number }: Family): readonly string[] {
  const { pool, stations } = router.firewall.management;
  const neighbours = [...router.uplinks, ...hubNeighbours(router)];
  const addresses = [...new Set(neighbours.map(({ address }) => address[key].text))].toSorted();
  return [
    `add list=block${number} address=${block[key].text}`,
    `add list=management${number} address=${pool[key].text}`,
    `add list=stations${number} address=${stations[key].text}`,
    ...addresses.map((text) => `add list=neighbours${number} address=${text}`),
    ...(router.firewall.beyond === "nothing"
      ? []
      : NOT_ON_THE_INTERNET[key].map((text) => `add list=special${number} address=${text}`)),
    ...ports.flatMap((port) =>
      withoutNested(sources(router, port, key)).map(
        ({ text }) => `add list=sources${number}-${port.segment} address=${text}`,
      ),
    ),
  ];
}

function isUplink(router: Device["router"], segment: string): boolean {
  return router.uplinks.some((uplink) => uplink.segment === segment);
}

/** From an uplink: what must not come, its own. From any other port: what alone may come. */
function sources(
  router: Device["router"],
  { segment, prefix }: DevicePort,
  key: Family["key"],
): readonly Prefix[] {
  const own = router.originates.filter(({ via }) => via !== "aggregate");
  if (isUplink(router, segment)) return own.map((route) => route.prefix[key]);
  const hub = router.hubs.find((one) => one.segment === segment);
  if (hub !== undefined)
    return [...hub.peers, ...hub.beside].flatMap(({ mayAnnounce }) => mayAnnounce[key]);
  const servers = own.filter(({ via }) => via === "server").map((route) => route.prefix[key]);
  return [prefix[key], ...servers];
}

/** RFC 5881 section 5: BFD comes with a hop limit of 255 from direct neighbours only. */
function input({ router, ports }: Device, { key, number }: Family): readonly string[] {
  const lan = ports.some(({ segment }) => segment === LAN);
  const icmp = key === "ipv4" ? "icmp" : "icmpv6";
  const ttl = key === "ipv4" ? "ttl=equal:255" : "hop-limit=equal:255";
  const from = `src-address-list=neighbours${number}`;
  const stations = ports.filter(({ segment }) => leadsToStations(router, segment));
  const management = router.management[key].text;
  return [
    "add chain=input action=accept connection-state=established,related",
    ...stations.map(
      (port) =>
        `add chain=input action=accept dst-address=${management} src-address-list=stations${number} in-interface=${interfaceOf(port)}`,
    ),
    `add chain=input action=drop dst-address-list=management${number} comment=management_refused`,
    `add chain=input action=accept protocol=tcp dst-port=179 ${from}`,
    `add chain=input action=accept protocol=udp dst-port=3784 ${ttl} ${from}`,
    ...(lan
      ? [`add chain=input action=accept protocol=udp dst-port=67,547 in-interface=${LAN}`]
      : []),
    `add chain=input action=accept protocol=${icmp} limit=1000,1000:packet`,
    "add chain=input action=drop comment=input_refused",
  ];
}

function forward(device: Device, family: Family): readonly string[] {
  const { router, ports } = device;
  const { key, number } = family;
  const icmp = key === "ipv4" ? "icmp" : "icmpv6";
  return [
    `add chain=forward action=drop dst-address-list=management${number} src-address-list=!stations${number} dst-address=!${router.firewall.management.stations[key].text} comment=management_refused`,
    ...outsideBlock(router, family),
    ...ports.map(
      (port) =>
        `add chain=forward action=jump jump-target=from-${port.segment} in-interface=${interfaceOf(port)}`,
    ),
    "add chain=forward action=drop comment=unknown_segment",
    ...ports.flatMap(({ segment }) => {
      const uplink = isUplink(router, segment);
      const hub = router.hubs.some((one) => one.segment === segment);
      const list = `sources${number}-${segment}`;
      return [
        // Errors come from routers' transit addresses, which nobody announces.
        ...(hub && !uplink
          ? errors(icmp).map(
              (match) => `add chain=from-${segment} action=jump jump-target=verdict ${match}`,
            )
          : []),
        `add chain=from-${segment} action=drop src-address-list=${uplink ? "" : "!"}${list} comment=source_refused`,
        `add chain=from-${segment} action=jump jump-target=verdict`,
      ];
    }),
    ...verdict(device, family),
  ];
}

/** One end of every packet lies in the block; the other too, or where the plan leads to the internet, there. */
function outsideBlock({ firewall }: Device["router"], { number }: Family): readonly string[] {
  const from = `src-address-list=!block${number}`;
  const to = `dst-address-list=!block${number}`;
  if (firewall.beyond === "nothing")
    return [
      `add chain=forward action=drop ${from} comment=source_refused`,
      `add chain=forward action=drop ${to} comment=destination_refused`,
    ];
  // A rule matches each end against one list only: hence the chains.
  return [
    `add chain=forward action=drop ${from} ${to} comment=source_refused`,
    `add chain=forward action=jump jump-target=outside-source ${from}`,
    `add chain=forward action=jump jump-target=outside-target ${to}`,
    `add chain=outside-source action=drop src-address-list=special${number} comment=source_refused`,
    `add chain=outside-target action=drop dst-address-list=special${number} comment=destination_refused`,
  ];
}

/** Types that path MTU discovery and traceroute need (RFC 792, RFC 4443). */
function errors(icmp: string): readonly string[] {
  const types =
    icmp === "icmp"
      ? ["3:0-255", "11:0-255", "12:0-255"]
      : ["1:0-255", "2:0-255", "3:0-255", "4:0-255"];
  return types.map((type) => `protocol=${icmp} icmp-options=${type}`);
}

function verdict({ router }: Device, family: Family): readonly string[] {
  if (router.firewall.forward === "open") return ["add chain=verdict action=accept"];
  return [
    "add chain=verdict action=accept connection-state=established,related",
    ...router.firewall.openings.flatMap((opening) => openingRules(opening, family)),
    "add chain=verdict action=drop comment=denied",
  ];
}

/** Hubs send packets back out of the port they came from; nobody is to learn a short cut from that. */
function outputRules({ key }: Family): readonly string[] {
  return key === "ipv4"
    ? ["add chain=output action=drop protocol=icmp icmp-options=5:0-255"]
    : ["add chain=output action=drop protocol=icmpv6 icmp-options=137:0-255"];
}
