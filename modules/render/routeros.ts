import { LAN, type Device } from "../plan/device.ts";
import { FAMILIES } from "./bird-names.ts";
import { deviceRemarks } from "./device-remarks.ts";
import { routerosBgp } from "./routeros-bgp.ts";
import { routerosFilters } from "./routeros-filters.ts";
import { interfaceOf } from "./routeros-interface.ts";
import { routerosFirewall } from "./routeros-firewall.ts";
import { routerosComment, routerosMenu, routerosString } from "./routeros-text.ts";

/** On which BGP's address list stands; a bridge without ports is RouterOS's loopback. */
const LOOPBACK = "loopback";

/**
 * A script for `/import` (RouterOS 7.20 or later, on a board without configuration). Names that others may rely on:
 * interface `loopback`, bridge `lan`, address lists `own4`, `block4`, `stations4` and so on, BGP connections
 * `ROUTER-SEGMENT-4`.
 */
export function routerosScript(device: Device): string {
  const { router } = device;
  const lines = [
    ...deviceRemarks(device).map(routerosComment),
    ...routerosMenu("/system/identity", [`set name=${router.name}`]),
    ...interfaces(device),
    ...addresses(device),
    ...routes(device),
    ...routerosFirewall(device),
    ...routerosFilters(device),
    ...routerosBgp(device),
    ...services(device),
  ];
  return `${lines.join("\n")}\n`;
}

function interfaces({ router, ports }: Device): readonly string[] {
  const lan = ports.find(({ segment }) => segment === LAN);
  return [
    ...routerosMenu(
      "/interface/ethernet",
      ports.flatMap(({ names, segment, towards }) =>
        names.map(
          (name) =>
            `set [ find default-name=${name} ] comment=${routerosString(`${segment}: ${towards}`)}`,
        ),
      ),
    ),
    ...routerosMenu("/interface/bridge", [
      `add name=${LOOPBACK} protocol-mode=none comment=${routerosString(router.title)}`,
      ...(lan === undefined ? [] : [`add name=${LAN} comment=${routerosString(lan.towards)}`]),
    ]),
    ...routerosMenu(
      "/interface/bridge/port",
      (lan?.names ?? []).map((name) => `add bridge=${LAN} interface=${name}`),
    ),
  ];
}

/** The LAN's IPv6 prefix is announced to its devices; no other is. */
function addresses({ router, ports }: Device): readonly string[] {
  const own = [router.loopback, router.management];
  return [
    ...routerosMenu("/ip/address", [
      ...own.map(({ ipv4 }) => `add address=${ipv4.hostPrefix} interface=${LOOPBACK}`),
      ...ports.map(
        (port) =>
          `add address=${port.address.ipv4.text}/${port.prefix.ipv4.length} interface=${interfaceOf(port)}`,
      ),
    ]),
    ...routerosMenu("/ipv6/settings", ["set accept-router-advertisements=no"]),
    ...routerosMenu("/ipv6/address", [
      ...own.map(({ ipv6 }) => `add address=${ipv6.hostPrefix} interface=${LOOPBACK} advertise=no`),
      ...ports.map(
        (port) =>
          `add address=${port.address.ipv6.text}/${port.prefix.ipv6.length} interface=${interfaceOf(port)} advertise=${port.segment === LAN ? "yes" : "no"}`,
      ),
    ]),
  ];
}

/** What is announced stands in the table by itself, whether its port is up or not; servers are behind their address. */
function routes({ router }: Device): readonly string[] {
  return FAMILIES.flatMap(({ key }) =>
    routerosMenu(
      key === "ipv4" ? "/ip/route" : "/ipv6/route",
      router.originates.map((route) =>
        route.via === "server"
          ? `add dst-address=${route.prefix[key].text} gateway=${route.server[key].text}`
          : `add blackhole dst-address=${route.prefix[key].text} distance=250`,
      ),
    ),
  );
}

/** Whoever may reach the router itself is the packet filter's matter; these are the second door. */
function services({ router }: Device): readonly string[] {
  const { stations } = router.firewall.management;
  const from = `${stations.ipv4.text},${stations.ipv6.text}`;
  return [
    ...routerosMenu("/ip/service", [
      "set telnet disabled=yes",
      "set ftp disabled=yes",
      "set www disabled=yes",
      "set api disabled=yes",
      "set api-ssl disabled=yes",
      `set ssh address=${from}`,
      `set winbox address=${from}`,
    ]),
    ...routerosMenu("/ip/neighbor/discovery-settings", ["set discover-interface-list=none"]),
    ...routerosMenu("/tool/mac-server", ["set allowed-interface-list=none"]),
    ...routerosMenu("/tool/mac-server/mac-winbox", ["set allowed-interface-list=none"]),
    ...routerosMenu("/tool/bandwidth-server", ["set enabled=no"]),
  ];
}
