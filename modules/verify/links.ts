import type { Diagnostic } from "../core/diagnostic.ts";
import type { HubPeer, NeighbourPlan, RouterPlan } from "../plan/router-plan.ts";
import { FAMILIES, type Family } from "../render/bird-names.ts";
import { whomToCall } from "./whom-to-call.ts";
import { groupBy } from "./group-by.ts";
import { routerTitle, type SeenRouter } from "./routers.ts";
import type { VerifyContext } from "./topic.ts";

/** One planned BGP session: a router, its neighbour towards the core or beside it, a segment, a family. */
export interface Link {
  /** Who dials. */
  readonly lower: SeenRouter;
  readonly upper: SeenRouter;
  /** Both are hubs of the segment, cores on a backbone. */
  readonly beside: boolean;
  readonly segment: string;
  readonly family: Family;
  /** Established as far as both ends can be asked. */
  readonly up: boolean;
  /** What BIRD says of the end that is not established. */
  readonly trouble: string;
  /** BFD guards it at every end that can be asked. */
  readonly guarded: boolean;
}

/** Every planned session with the state in which both ends see it. */
export function observeLinks(routers: readonly SeenRouter[]): readonly Link[] {
  const byAddress = new Map<string, SeenRouter>();
  for (const one of routers)
    for (const { address } of one.router.interfaces) {
      byAddress.set(address.ipv4.text, one);
      byAddress.set(address.ipv6.text, one);
    }
  return routers.flatMap((lower) => {
    const beside = lower.router.hubs.flatMap((hub) => hub.beside.filter(({ dialled }) => dialled));
    return [
      ...lower.router.uplinks.map((neighbour) => ({ neighbour, isBeside: false })),
      ...beside.map((neighbour) => ({ neighbour, isBeside: true })),
    ].flatMap(({ neighbour, isBeside }) =>
      FAMILIES.map((family) => ({
        ...link(lower, byAddress, neighbour, family),
        beside: isBeside,
      })),
    );
  });
}

function link(
  lower: SeenRouter,
  byAddress: ReadonlyMap<string, SeenRouter>,
  uplink: NeighbourPlan,
  family: Family,
): Omit<Link, "beside"> {
  const far = uplink.address[family.key].text;
  const upper = byAddress.get(far);
  const own = lower.router.interfaces.find(({ segment }) => segment === uplink.segment);
  if (upper === undefined || own === undefined)
    throw new Error(`${lower.router.name} has an uplink ${far} that is nobody's in the plan`);
  const near = own.address[family.key].text;
  const ends = [endOf(lower, far), endOf(upper, near)].filter((end) => end !== undefined);
  const broken = ends.find(({ established }) => !established);
  return {
    lower,
    upper,
    segment: uplink.segment,
    family,
    up: ends.length > 0 && broken === undefined && stands(lower) && stands(upper),
    trouble: broken?.info ?? "",
    guarded: ends.every(({ bfd }) => bfd === "Up"),
  };
}

/** A router that is no container is believed to stand; its neighbours say whether it does. */
function stands({ router, seen }: SeenRouter): boolean {
  return router.kind === "external" || seen?.birdAnswers === true;
}

interface End {
  readonly established: boolean;
  readonly info: string;
  readonly bfd: string;
}

function endOf({ seen }: SeenRouter, neighbour: string): End | undefined {
  if (seen?.birdAnswers !== true) return undefined;
  const sessions = seen.protocols.filter((protocol) => protocol.neighbour === neighbour);
  const best = sessions.find(({ info }) => info.startsWith("Established")) ?? sessions[0];
  return {
    established: best?.info.startsWith("Established") ?? false,
    info: best?.info.replaceAll(/\s+/g, " ") ?? "the neighbour has not called in",
    bfd: seen.bfd.get(neighbour) ?? "absent",
  };
}

/** Sessions that are down although both routers run, sessions without BFD, and sessions that nobody planned. */
export function compareLinks(
  routers: readonly SeenRouter[],
  links: readonly Link[],
  placeOf: VerifyContext["placeOf"],
): readonly Diagnostic[] {
  const pairs = groupBy(links.filter(bothStand), ({ lower, upper, segment }) =>
    [lower.container, upper.container, segment].join(" "),
  );
  const bySegment = groupBy([...pairs.values()], (pair) => pair[0]!.segment);
  const dead = [...bySegment].filter(([, all]) => isDead(all));
  const segments = new Set(dead.map(([segment]) => segment));
  return [
    ...dead.map(([segment, all]) => segmentFinding(segment, all)),
    ...[...pairs.values()].flatMap((pair) => {
      if (segments.has(pair[0]!.segment)) return [];
      const at = placeOf(pair[0]!.lower.router.name);
      const place = at === undefined ? {} : { at };
      const findings = [...downFinding(pair), ...unguardedFinding(pair)];
      return findings.map((finding) => ({ ...finding, ...place }));
    }),
    ...routers.flatMap(strangers),
  ];
}

/** Several pairs of routers, and not one of them has a session: it is not the routers. */
function isDead(pairs: readonly (readonly Link[])[]): boolean {
  return pairs.length > 1 && pairs.flat().every(({ up }) => !up);
}

function segmentFinding(segment: string, pairs: readonly (readonly Link[])[]): Diagnostic {
  const { lower } = pairs[0]![0]!;
  return {
    id: "segment-down",
    severity: "error",
    what: `nobody hears anybody on ${segment}: none of its ${pairs.length} pairs of neighbours has a BGP session`,
    why: "the routers on it run, so the segment itself is cut; what has no way over another segment is cut off",
    fix: `docker exec ${lower.container} ip -brief link shows its own end; on the engine's host, ip link show type bridge_slave and the network's bridge (docker network inspect) must be up`,
  };
}

function bothStand({ lower, upper }: Link): boolean {
  return stands(lower) && stands(upper);
}

function downFinding(pair: readonly Link[]): readonly Diagnostic[] {
  const down = pair.filter(({ up }) => !up);
  const [first] = down;
  if (first === undefined) return [];
  const { lower, upper, segment } = first;
  const families = down.map(({ family }) => `IPv${family.number}`).join(" and ");
  const said = [...new Set(down.map(({ trouble }) => trouble))].join("; ");
  const check = upper.router.kind === "container" ? upper : lower;
  return [
    {
      id: "session-down",
      severity: "error",
      what: `no BGP session over ${families} between ${routerTitle(lower.router)} and ${routerTitle(upper.router)} on ${segment}${said === "" ? "" : ` (${said})`}`,
      why: "over it each end would learn the other's prefixes (RFC 4271): what has no second way is cut off, all else has lost its reserve",
      fix: `docker exec ${check.container} birdc show protocols, and ping ${neighbourAddress(check === upper ? lower : upper, segment, first.family)} from there; ${farEnd(lower)}`,
    },
  ];
}

/** What renews the end that calls in. */
function farEnd({ router, container }: SeenRouter): string {
  return router.kind === "container"
    ? `docker restart ${container} renews its end`
    : `${whomToCall(router)}: is the device on, is its line up, does it have what simpul config ${router.name} writes?`;
}

function neighbourAddress({ router }: SeenRouter, segment: string, { key }: Family): string {
  return router.interfaces.find((one) => one.segment === segment)!.address[key].text;
}

function unguardedFinding(pair: readonly Link[]): readonly Diagnostic[] {
  const unguarded = pair.filter(({ up, guarded }) => up && !guarded);
  const [first] = unguarded;
  if (first === undefined) return [];
  const { lower, upper, segment } = first;
  const families = unguarded.map(({ family }) => `IPv${family.number}`).join(" and ");
  return [
    {
      id: "bfd-down",
      severity: "error",
      what: `BFD over ${families} is not up between ${routerTitle(lower.router)} and ${routerTitle(upper.router)} on ${segment}`,
      why: "a cut line is then noticed after BGP's hold time of 30 s instead of 0.6 s (RFC 5880)",
      fix: bfdFix(lower, upper),
    },
  ];
}

function bfdFix(lower: SeenRouter, upper: SeenRouter): string {
  const look = ({ container }: SeenRouter): string =>
    `docker exec ${container} birdc show bfd sessions; UDP port 3784 must pass both packet filters`;
  return lower.router.kind === "container"
    ? `${look(lower)} (docker exec ${lower.container} nft list chain inet simpul input)`
    : `${look(upper)}; ${whomToCall(lower.router)}: BFD on the device is as simpul config ${lower.router.name} writes it`;
}

function strangers({ router, container, seen }: SeenRouter): readonly Diagnostic[] {
  const planned = new Set(
    neighbours(router).flatMap(({ address }) => [address.ipv4.text, address.ipv6.text]),
  );
  return (seen?.protocols ?? [])
    .filter(
      ({ kind, info, neighbour }) =>
        kind === "BGP" &&
        info.startsWith("Established") &&
        neighbour !== undefined &&
        !planned.has(neighbour),
    )
    .map(({ neighbour, neighbourAsn, name }) => ({
      id: "session-unplanned",
      severity: "error" as const,
      what: `${routerTitle(router)} has a BGP session with ${neighbour} (AS${neighbourAsn}), which is nobody's in the plan`,
      why: "only planned neighbours may speak BGP; the packet filter should have kept it out (BCP 194)",
      fix: `docker exec ${container} birdc disable ${name}; then find who holds ${neighbour} on its segment (docker network inspect)`,
    }));
}

function neighbours(router: RouterPlan): readonly (NeighbourPlan | HubPeer)[] {
  return [...router.uplinks, ...router.hubs.flatMap(({ peers, beside }) => [...peers, ...beside])];
}
