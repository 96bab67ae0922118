import { dhcpRange, LAN, type Device } from "../plan/device.ts";
import { commentText } from "./comment-text.ts";

/** What a person must know before the text goes onto a device; one remark a line, for each language's own comments. */
export function deviceRemarks({ router, ports, resolvers, platform }: Device): readonly string[] {
  const { management } = router.firewall;
  return [
    `${router.name}: ${commentText(router.title)}. Made from the plan by simpul config; what is changed here by hand is lost.`,
    REQUIRES[platform],
    "Which port leads where (another: simpul config --port ROLE=INTERFACE):",
    ...ports.map(
      ({ segment, names, address, prefix, towards }) =>
        `  ${segment} = ${names.join(",")}: ${address.ipv4.text}/${prefix.ipv4.length} ${address.ipv6.text}/${prefix.ipv6.length}, ${towards}`,
    ),
    `The router itself answers at ${router.management.ipv4.text} and ${router.management.ipv6.text}, to stations in ${management.stations.ipv4.text} and ${management.stations.ipv6.text} only.`,
    ...lanRemarks(ports, resolvers),
  ];
}

const REQUIRES: Readonly<Record<Device["platform"], string>> = {
  routeros:
    "RouterOS 7.20 or later, on a board without configuration: /system/reset-configuration no-defaults=yes",
  frr: "FRR 8.4 or later with zebra, staticd, bgpd and bfdd; nftables.conf belongs with it and is loaded first.",
  bird: "BIRD 2.0.12 or later; interfaces and nftables.conf belong with it and are loaded first.",
};

/** Addresses are the Dinas's to give (Perbup Temanggung 83/2021 pasal 21), handing them out is the agency's. */
function lanRemarks(ports: Device["ports"], resolvers: Device["resolvers"]): readonly string[] {
  const lan = ports.find(({ segment }) => segment === LAN);
  if (lan === undefined) return [];
  const range = dhcpRange(lan.prefix);
  const names = resolvers.flatMap(({ ipv4, ipv6 }) => [ipv4.text, ipv6.text]);
  return [
    `LAN: ${lan.prefix.ipv4.text} and ${lan.prefix.ipv6.text}, this router is its first host; no other addresses are carried (Perbup Temanggung 83/2021 pasal 21).`,
    range === undefined
      ? "DHCP is the agency's own; the LAN has no host beside the router."
      : `DHCP is the agency's own: it may hand out ${range.first.text} to ${range.last.text}, router ${lan.address.ipv4.text}, resolvers ${names.join(" ")}.`,
  ];
}
