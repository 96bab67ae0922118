import type { DualPrefix } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import { LONGEST_PATH } from "../plan/bgp-policy.ts";
import type { HubPeer, HubPlan, OriginatedRoute, RouterPlan } from "../plan/router-plan.ts";
import { birdName, EVERYWHERE, type Family, isSwitched } from "./bird-names.ts";
import { sortedPrefixes } from "./prefix-list.ts";

/**
 * What a hub believes: of a neighbour below its own prefixes, exactly, sent by itself; of a hub beside it what the plan
 * has behind any of them. All sessions on a segment share the filter, so each neighbour is known by its address (`from`)
 * and its ASN.
 */
export function hubImportFilter(hub: HubPlan, family: Family): string {
  const cases = [...hub.peers, ...hub.beside]
    .toSorted((a, b) => (a.router < b.router ? -1 : 1))
    .map((peer) => peerCase(peer, family))
    .filter((text) => text !== "");
  const body = cases.length === 0 ? "" : `  case from {\n${cases.join("\n")}\n  }\n`;
  return `filter from_${birdName(`hub${family.number}`, hub.segment)} {
  if bgp_path.len > ${LONGEST_PATH} || bgp_next_hop != from then reject;
${body}  reject;
}`;
}

function peerCase(peer: HubPeer, family: Family): string {
  const leadsOut = peer.mayLeadOut?.includes(family.key) ?? false;
  const allowed = [
    ...sortedPrefixes(peer.mayAnnounce[family.key]).map(({ text }) => text),
    ...(leadsOut ? [EVERYWHERE[family.key]] : []),
  ];
  if (allowed.length === 0) return "";
  // Without the blank before the colon BIRD reads it as part of an IPv6 address.
  return `    # ${peer.router}
    ${peer.address[family.key].text} : if bgp_path.first = ${peer.asn} && net ~ [ ${allowed.join(", ")} ] then accept;`;
}

/**
 * From the core: only what lies in the kabupaten's block, never what is this router's own; the default route only where
 * the plan leads to the internet. To the core: what is its
 * own and what its hubs brought, folded into the aggregates; nothing that came from the core, for no router below it
 * is a way between cores (RFC 7908).
 */
export function uplinkFilters(
  router: RouterPlan,
  block: DualPrefix,
  family: Family,
): readonly string[] {
  const { number } = family;
  const originated = (aggregate: boolean): readonly Prefix[] =>
    sortedPrefixes(
      router.originates
        .filter((route) => (route.via === "aggregate") === aggregate && !hasOtherHome(route))
        .map(({ prefix }) => prefix[family.key]),
    );
  const own = [
    ...originated(false).map(({ text }) => `${text}+`),
    ...originated(true).map(({ text }) => text),
  ];
  const aggregates = sortedPrefixes(router.aggregates[family.key]);
  const fromAbove = [
    `${block[family.key].text}+`,
    ...(router.internet.includes(family.key) && !router.exit ? [EVERYWHERE[family.key]] : []),
  ];
  const fromUplink = [
    `if !(net ~ [ ${fromAbove.join(", ")} ]) || bgp_path.len > ${LONGEST_PATH} then reject;`,
    ...(own.length > 0 ? [`if net ~ [ ${own.join(", ")} ] then reject;`] : []),
    "accept;",
  ];
  const moves = router.originates.some(isSwitched) ? ` || proto ~ "moves${number}_*"` : "";
  const toUplink = [
    `if proto = "aggregate${number}" then accept;`,
    ...(aggregates.length > 0 ? [`if net ~ ${list(aggregates, "+")} then reject;`] : []),
    ...(router.exit ? [`if proto = "internet${number}" then accept;`] : []),
    ...lengthened(router, family),
    `if proto ~ "hub${number}_*" || proto = "own${number}" || proto = "server${number}"${moves} then accept;`,
    "reject;",
  ];
  return [filter(`from_uplink${number}`, fromUplink), filter(`to_uplink${number}`, toUplink)];
}

/** What another site announces as well is believed when it does. */
function hasOtherHome(route: OriginatedRoute): boolean {
  return route.via === "server" && route.elsewhere === true;
}

/** The same services with a longer path: whoever hears them from the other site, too, goes there. */
function lengthened(router: RouterPlan, { key, number }: Family): readonly string[] {
  const routes = router.originates.flatMap((route) =>
    route.via === "server" && route.prepend !== undefined
      ? [{ prefix: route.prefix[key], times: route.prepend }]
      : [],
  );
  return [...new Set(routes.map(({ times }) => times))].map((times) => {
    const prefixes = routes.filter((route) => route.times === times).map(({ prefix }) => prefix);
    const longer = `bgp_path.prepend(${router.asn}); `.repeat(times);
    return `if (proto = "server${number}" || proto ~ "moves${number}_*") && net ~ ${list(sortedPrefixes(prefixes))} then { ${longer}accept; }`;
  });
}

/** To a hub's neighbours: everything known, but what the core leads nowhere. */
export function hubExportFilter({ number }: Family): string {
  return filter(`to_hub${number}`, [`if proto = "nowhere${number}" then reject;`, "accept;"]);
}

/**
 * Everything goes to the kernel but the segments the router stands on: there the kernel's own route must win, and in
 * IPv6 its metric (256) would lose to BIRD's (32). The router's own traffic goes out under the planned source.
 */
export function kernelFilter(router: RouterPlan, family: Family): string {
  const segments = sortedPrefixes(router.interfaces.map(({ prefix }) => prefix[family.key]));
  return filter(`to_kernel${family.number}`, [
    ...(segments.length > 0 ? [`if net ~ ${list(segments)} then reject;`] : []),
    `if dest = RTD_UNICAST then krt_prefsrc = ${router.source[family.key].text};`,
    "accept;",
  ]);
}

function filter(name: string, statements: readonly string[]): string {
  return `filter ${name} {\n  ${statements.join("\n  ")}\n}`;
}

function list(prefixes: readonly Prefix[], suffix = ""): string {
  return `[ ${prefixes.map(({ text }) => text + suffix).join(", ")} ]`;
}
