import type { Prefix } from "../core/prefix.ts";
import type { HubPeer, InterfacePlan, RouterPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { nftablesSet } from "./nftables-set.ts";
import { withoutNested } from "./prefix-list.ts";

/** The chain that judges where packets from one segment say they come from (BCP 38), and the set it needs. */
export interface SourceCheck {
  readonly segment: string;
  readonly chain: string;
  readonly text: string;
}

/**
 * From a segment with hub peers or servers come only their planned prefixes; from one with an uplink anything but
 * what stands on this router's other side. Where other hubs stand on the segment (cores on a backbone), what the plan has
 * behind them comes, too; but what this core has at its own site only while the way back leads out there: a tenant's
 * address from the backbone is false while its gateway is this core's own neighbour, and true when that line is cut and
 * another core passes it on. What two sites announce comes from either. Only that is asked of the kernel: of two equal ways back, `fib` knows one in IPv6. Answers
 * from the internet come on the exit's segment, and from another core, likewise.
 */
export function sourceCheck(router: RouterPlan, one: InterfacePlan): SourceCheck {
  const slug = one.segment.replaceAll("-", "_");
  const isUplink = router.uplinks.some(({ segment }) => segment === one.segment);
  const hub = router.hubs.find(({ segment }) => segment === one.segment);
  const beside = isUplink ? [] : (hub?.beside ?? []);
  const sources = ({ key }: Family): readonly Prefix[] => {
    if (isUplink) return ownPrefixes(router, key);
    return hub?.peers.flatMap(({ mayAnnounce }) => mayAnnounce[key]) ?? behind(router, one, key);
  };
  const passedOn = (family: Family): readonly Prefix[] => {
    const below = sources(family);
    return beside
      .flatMap(({ mayAnnounce }) => mayAnnounce[family.key])
      .filter((prefix) => !below.some((source) => source.contains(prefix)));
  };
  const neighbours = router.hubs.filter((other) => other.beside.length === 0);
  const isNear = (prefix: Prefix, { key }: Family): boolean =>
    neighbours.some(({ peers }) =>
      peers.some(
        ({ mayAnnounce, elsewhere }) =>
          mayAnnounce[key].some((own) => own.contains(prefix)) &&
          !elsewhere?.[key].some((own) => own.contains(prefix)),
      ),
    );
  const passedBy =
    (near: boolean) =>
    (family: Family): readonly Prefix[] =>
      passedOn(family).filter((prefix) => isNear(prefix, family) === near);
  const sets = [
    ...prefixSets(`sources%_${slug}`, sources),
    ...(beside.length > 0
      ? [
          ...prefixSets(`beside%_${slug}`, passedBy(false)),
          ...prefixSets(`near%_${slug}`, passedBy(true)),
        ]
      : []),
  ];
  const rules = [
    // Errors come from routers' transit addresses, which nobody announces: path MTU and traceroute need them.
    ...(hub && !isUplink ? [ERRORS4, ERRORS6] : []),
    ...FAMILIES.flatMap(({ key, number }) => {
      const source = `${key === "ipv4" ? "ip" : "ip6"} saddr`;
      const leadsOut = (peers: readonly HubPeer[] = []): boolean =>
        !isUplink && peers.some(({ mayLeadOut }) => mayLeadOut?.includes(key));
      if (beside.length === 0) {
        const answers = leadsOut(hub?.peers) ? `${source} @special${number} ` : "";
        return [`${source} ${isUplink ? "" : "!= "}@sources${number}_${slug} ${answers}${REFUSE}`];
      }
      const sound = "fib saddr . iif oif exists goto verdict";
      const exitIsNear = neighbours.some(({ peers }) => leadsOut(peers));
      return [
        `${source} @sources${number}_${slug} goto verdict`,
        `${source} @beside${number}_${slug} goto verdict`,
        `${source} @near${number}_${slug} ${sound}`,
        ...(leadsOut(beside)
          ? [`${source} != @special${number} ${exitIsNear ? sound : "goto verdict"}`]
          : []),
      ];
    }),
    beside.length === 0 ? "goto verdict" : REFUSE,
  ];
  const chain = `from_${slug}`;
  return {
    segment: one.segment,
    chain,
    text: [...sets, `  chain ${chain} {\n    ${rules.join("\n    ")}\n  }`].join("\n\n"),
  };
}

/** One set for each family; `%` in the name becomes its number. */
function prefixSets(
  name: string,
  prefixes: (family: Family) => readonly Prefix[],
): readonly string[] {
  return FAMILIES.map((family) =>
    nftablesSet(
      name.replace("%", String(family.number)),
      family.number,
      "prefixes",
      withoutNested(prefixes(family)).map(({ text }) => text),
    ),
  );
}

const REFUSE = "counter name source_refused drop";
const ERRORS4 =
  "icmp type { destination-unreachable, time-exceeded, parameter-problem } goto verdict";
const ERRORS6 =
  "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } goto verdict";

function ownPrefixes(router: RouterPlan, key: Family["key"]): readonly Prefix[] {
  return router.originates
    .filter((route) => route.via !== "aggregate" && !(route.via === "server" && route.elsewhere))
    .map(({ prefix }) => prefix[key]);
}

/** On a segment without routers: its own addresses, and its servers'. */
function behind(
  router: RouterPlan,
  { prefix }: InterfacePlan,
  key: Family["key"],
): readonly Prefix[] {
  const servers = router.originates.filter(({ via }) => via === "server");
  return [prefix[key], ...servers.map((route) => route.prefix[key])];
}
