import type { DualPrefix } from "../core/dual.ts";
import { SPECIAL_PURPOSE } from "../core/special-purpose.ts";
import type { OriginatedRoute, RouterPlan, RouteSwitch, ServerRoute } from "../plan/router-plan.ts";
import { hubExportFilter, hubImportFilter, kernelFilter, uplinkFilters } from "./bird-filters.ts";
import {
  birdName,
  EVERYWHERE,
  type Family,
  FAMILIES,
  interfaceOn,
  isSwitched,
  moveProtocol,
} from "./bird-names.ts";
import { commentText } from "./comment-text.ts";
import { sortedPrefixes } from "./prefix-list.ts";

/**
 * Configuration of BIRD 2 for one router. Each neighbour has an IPv4 and an IPv6 session of its own, so that one
 * family's trouble is not the other's.
 *
 * Names that others may rely on: `uplink4_ROUTER_SEGMENT` for fixed neighbours towards the core, `beside4_ROUTER_SEGMENT`
 * for those beside it, `hub4_SEGMENT_N` for those that call in (`-` becomes `_`; 6 for IPv6), statics `own4`, `aggregate4`, `server4`, `moves4_SERVICE`, `nowhere4`, `internet4` (the exit's). What a hub refuses is shown
 * by `show route filtered`.
 *
 * @param block the kabupaten's whole address block: a router takes nothing outside it from the core
 */
export function birdConfig(router: RouterPlan, block: DualPrefix): string {
  const parts = [head(router), ...FAMILIES.map((family) => routing(router, block, family))];
  return `${parts.join("\n\n")}\n`;
}

function head(router: RouterPlan): string {
  return `# ${router.name}: ${commentText(router.title)}. Made from the plan; what is changed here by hand is lost.
log stderr { info, remote, warning, error, auth, fatal, bug };
router id ${router.loopback.ipv4.text};

protocol device { scan time 10; }
protocol bfd { accept direct; }`;
}

function routing(router: RouterPlan, block: DualPrefix, family: Family): string {
  return [
    `# IPv${family.number}`,
    ...statics(router, family),
    kernelFilter(router, family),
    kernelProtocol(family),
    sessionTemplate(router, family),
    ...(router.uplinks.length > 0 ? uplinkFilters(router, block, family) : []),
    ...uplinks(router, family),
    ...(router.hubs.length > 0 ? [hubExportFilter(family)] : []),
    ...hubs(router, family),
  ].join("\n\n");
}

/** Reachable addresses on `lo` and on segments win over these routes; the rest of each prefix is unreachable. */
function statics(router: RouterPlan, family: Family): readonly string[] {
  const lines = (via: OriginatedRoute["via"]): readonly string[] =>
    router.originates
      .filter((route) => route.via === via && !isSwitched(route))
      .map((route) => routeLine(route, family))
      .toSorted();
  const nowhere = router.tier === "core" ? SPECIAL_PURPOSE[family.key] : [];
  return [
    staticProtocol(`own${family.number}`, family.key, lines("self")),
    staticProtocol(`aggregate${family.number}`, family.key, lines("aggregate")),
    staticProtocol(`server${family.number}`, family.key, lines("server")),
    ...router.originates.filter(isSwitched).map((route) => switched(route, family)),
    // Whatever is known by any other way is preferred to nothing.
    staticProtocol(
      `nowhere${family.number}`,
      `${family.key} { preference 1; }`,
      nowhere.map((prefix) => `route ${prefix} unreachable;`),
    ),
    ...leadingOut(router, family),
  ].filter((text) => text !== "");
}

function routeLine(route: OriginatedRoute, { key }: Family): string {
  const prefix = route.prefix[key].text;
  return route.via === "server"
    ? `route ${prefix} via ${route.server[key].text};`
    : `route ${prefix} unreachable;`;
}

/**
 * A protocol of its own, which is switched without touching any other. What is written is the default; the gateway's
 * own record of how it was switched last stands above it (images/router/moves.sh looks for exactly this line).
 */
function switched(route: ServerRoute & { readonly move: RouteSwitch }, family: Family): string {
  const { service, announced } = route.move;
  return `protocol static ${moveProtocol(service, family)} {
  disabled ${announced ? "no" : "yes"}; # switch ${service}
  ${family.key};
  ${routeLine(route, family)}
}`;
}

/** Only while the port towards the provider is up: else everybody sees at once that there is no way out. */
function leadingOut({ exit }: RouterPlan, { key, number }: Family): readonly string[] {
  const outer = exit?.[key];
  if (outer === undefined) return [];
  const route = `route ${EVERYWHERE[key]} via ${outer.gateway.text};`;
  return [staticProtocol(`internet${number}`, key, ["check link;", route])];
}

function staticProtocol(name: string, channel: string, routes: readonly string[]): string {
  if (routes.length === 0) return "";
  return `protocol static ${name} {\n  ${[`${channel};`, ...routes].join("\n  ")}\n}`;
}

/** The routes outlive BIRD: a router that takes leave forwards on while its neighbours turn to others. */
function kernelProtocol(family: Family): string {
  return `protocol kernel kernel${family.number} {
  persist;
  scan time 10;
  merge paths on;
  ${family.key} { import none; export filter to_kernel${family.number}; };
}`;
}

/** The short times heal a lost neighbour in seconds; BIRD's own take a minute (lab, "Routers"). */
function sessionTemplate(router: RouterPlan, family: Family): string {
  return `template bgp session${family.number} {
  local as ${router.asn};
  ttl security on;
  enforce first as on;
  hold time 30;
  startup hold time 10;
  connect delay time 1;
  connect retry time 5;
  error wait time 1, 4;
  ${family.key} { next hop self;${family.number === 6 ? " next hop prefer global;" : ""} import keep filtered on; };
}`;
}

function uplinks(router: RouterPlan, family: Family): readonly string[] {
  return router.uplinks.map(({ router: name, segment, address, asn, bfdInterval }) => {
    const own = interfaceOn(router, segment).address[family.key];
    return `# ${name} on ${segment}
protocol bgp ${birdName(`uplink${family.number}`, name, segment)} from session${family.number} {
  local ${own.text} as ${router.asn};
  neighbor ${address[family.key].text} as ${asn};
  ${bfd(bfdInterval)}
  ${family.key} { import filter from_uplink${family.number}; export filter to_uplink${family.number}; };
}`;
  });
}

function bfd(interval: number): string {
  return `bfd { interval ${interval} ms; multiplier 3; };`;
}

/**
 * Any address of the segment may call; which may, the packet filter says, and what each may announce, the filter. A
 * limit that blocks keeps the session of a neighbour that floods, with what it rightly announced; `restart` would let
 * one bad announcement take an agency off the network.
 */
function hubs(router: RouterPlan, family: Family): readonly string[] {
  return router.hubs.map((hub) => {
    const own = interfaceOn(router, hub.segment).address[family.key];
    const name = birdName(`hub${family.number}`, hub.segment);
    const planned = [...hub.peers, ...hub.beside].map(
      ({ mayAnnounce }) => sortedPrefixes(mayAnnounce[family.key]).length,
    );
    const channel = `${family.key} {
    import filter from_${name};
    export filter to_hub${family.number};
    receive limit ${Math.max(0, ...planned) + RECEIVE_MARGIN} action block;
  };`;
    const callingIn = `protocol bgp ${name} from session${family.number} {
  local ${own.text} as ${router.asn};
  neighbor range ${hub.prefix[family.key].text} external;
  dynamic name "${name}_";
  ${bfd(hub.bfdInterval)}
  ${channel}
}`;
    const dialled = hub.beside
      .filter((peer) => peer.dialled)
      .map(
        (peer) => `# ${peer.router} on ${hub.segment}
protocol bgp ${birdName(`beside${family.number}`, peer.router, hub.segment)} from session${family.number} {
  local ${own.text} as ${router.asn};
  neighbor ${peer.address[family.key].text} as ${peer.asn};
  ${bfd(peer.bfdInterval)}
  ${channel}
}`,
      );
    return [hubImportFilter(hub, family), callingIn, ...dialled].join("\n\n");
  });
}

/** Routes that one neighbour may send beyond the planned ones: room to see what it tries, bounded in memory. */
const RECEIVE_MARGIN = 100;
