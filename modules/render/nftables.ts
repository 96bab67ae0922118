import type { DualPrefix } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import { leadsToStations } from "../plan/leads-to-stations.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { commentText } from "./comment-text.ts";
import { EXIT_INPUT, EXIT_OUTPUT, exitCounters, exitForward } from "./nftables-exit.ts";
import { openingRules } from "./nftables-openings.ts";
import { nftablesCounters, nftablesSet, notOnTheInternet } from "./nftables-set.ts";
import { sourceCheck } from "./nftables-sources.ts";
import { byGroup, type InterfaceNames } from "./nftables-interfaces.ts";

/**
 * The packet filter of one router, loaded in one transaction by `nft -f`: connections that are tracked live on.
 *
 * Counters by name, for checks: `source_refused` (BCP 38 and the kabupaten's block), `destination_refused`, `denied`
 * (a gateway's default), `unknown_segment`, `input_refused`, `management_refused` (for a router's management address,
 * from elsewhere than the stations of the Dinas); those of the exit are in nftables-exit.ts.
 *
 * @param block the kabupaten's whole address block: nothing else is forwarded, from or to, but what goes to the internet
 * @param ports of a device, by name; a container's interfaces are known by their group
 */
export function nftablesRuleset(
  router: RouterPlan,
  block: DualPrefix,
  ports: InterfaceNames = byGroup(router),
): string {
  const parts = router.exit
    ? [exitCounters(), ...exitForward(router, router.exit, block)]
    : [counters(), ...untracked(router), ...forward(router, block, ports)];
  return `# ${router.name}: ${commentText(router.title)}. Made from the plan; what is changed here by hand is lost.
table inet simpul
delete table inet simpul
table inet simpul {
${[...parts, ...neighbourSets(router), managementSets(router), input(router, ports), output(router, ports)].join("\n\n")}
}
`;
}

function counters(): string {
  return nftablesCounters([
    "denied",
    "destination_refused",
    "input_refused",
    "management_refused",
    "source_refused",
    "unknown_segment",
  ]);
}

/** Neighbours by planned address: a stranger on a shared segment gets no session at all. */
function neighbourSets(router: RouterPlan): readonly string[] {
  const neighbours = [
    ...router.uplinks,
    ...router.hubs.flatMap(({ peers, beside }) => [...peers, ...beside]),
  ];
  return FAMILIES.map(({ key, number }) => {
    const addresses = [...new Set(neighbours.map(({ address }) => address[key].text))].toSorted();
    return nftablesSet(`neighbours${number}`, number, "addresses", addresses);
  });
}

/** A router that forwards everything tracks only its own connections: two ways of a flow may take two routers. */
function untracked(router: RouterPlan): readonly string[] {
  if (router.firewall.forward === "deny") return [];
  return [
    `  chain untracked {
    type filter hook prerouting priority raw; policy accept;
    fib daddr type != local notrack
  }`,
  ];
}

function managementSets({ firewall: { management } }: RouterPlan): string {
  const { pool, stations } = management;
  return FAMILIES.flatMap(({ key, number }) => [
    nftablesSet(`management${number}`, number, "prefixes", [pool[key].text]),
    nftablesSet(`stations${number}`, number, "prefixes", [stations[key].text]),
  ]).join("\n\n");
}

/** BFD is for direct neighbours only, hence the TTL (RFC 5881 section 5). UDP is refused aloud: traceroute ends so. */
function input(router: RouterPlan, ports: InterfaceNames): string {
  const { management } = router;
  const first = [
    ...(router.exit ? [EXIT_INPUT] : []),
    ...farAnswers(ports),
    ...ports.lanInput,
    // First of the two: the stations' own gateway asks routers, too.
    "ct state established,related accept",
    ...managementInput(router, ports),
  ];
  return `  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ${first.join("\n    ")}
    ip daddr ${management.ipv4.text} accept
    ip6 daddr ${management.ipv6.text} accept
    ip saddr @neighbours4 ${ports.limitsHops ? "ip ttl 255 " : ""}tcp dport 179 accept
    ip saddr @neighbours4 ip ttl 255 udp dport 3784 accept
    ip6 saddr @neighbours6 ${ports.limitsHops ? "ip6 hoplimit 255 " : ""}tcp dport 179 accept
    ip6 saddr @neighbours6 ip6 hoplimit 255 udp dport 3784 accept
    icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } limit rate 1000/second burst 1000 packets accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
    icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } limit rate 1000/second burst 1000 packets accept
    meta l4proto udp limit rate 100/second reject with icmpx type port-unreachable
    counter name input_refused
  }`;
}

/** Hubs send packets back out of the segment they came from; nobody is to learn a short cut from that. */
function output(router: RouterPlan, { limitsHops }: InterfaceNames): string {
  const sessions = limitsHops
    ? ["dport", "sport"].flatMap((side) => [
        `ip daddr @neighbours4 tcp ${side} 179 ip ttl set 255`,
        `ip6 daddr @neighbours6 tcp ${side} 179 ip6 hoplimit set 255`,
      ])
    : [];
  const rules = [
    ...(router.exit ? [EXIT_OUTPUT] : []),
    "icmp type redirect drop",
    "icmpv6 type nd-redirect drop",
    ...sessions,
  ];
  return `  chain output {
    type filter hook output priority filter; policy accept;
    ${rules.join("\n    ")}
  }`;
}

/** Answers of neighbours that are none: who is not on the segment cannot send with a hop limit of 255 (RFC 5082). */
function farAnswers({ limitsHops }: InterfaceNames): readonly string[] {
  if (!limitsHops) return [];
  return [
    "tcp sport 179 ip ttl != 255 counter name input_refused drop",
    "tcp sport 179 ip6 hoplimit != 255 counter name input_refused drop",
  ];
}

function forward(router: RouterPlan, block: DualPrefix, ports: InterfaceNames): readonly string[] {
  const checks = router.interfaces.map((one) => sourceCheck(router, one));
  const targets = checks.map(({ segment, chain }) => `${ports.of(segment)} : goto ${chain}`);
  const chain = [
    ...FAMILIES.map(managementRule),
    ...FAMILIES.flatMap(({ key }) => addressChecks(router, block[key], key)),
    ...(targets.length > 0 ? [`${ports.key} vmap { ${targets.join(", ")} }`] : []),
    "counter name unknown_segment drop",
  ];
  return [
    ...(router.firewall.beyond === "internet" ? notOnTheInternet() : []),
    verdict(router),
    ...checks.map(({ text }) => text),
    `  chain forward {
    type filter hook forward priority filter; policy drop;
    ${chain.join("\n    ")}
  }`,
  ];
}

/** One end of every packet lies in the block; the other too, or where the plan leads to the internet, there. */
function addressChecks(
  { firewall }: RouterPlan,
  { text: block }: Prefix,
  key: Family["key"],
): readonly string[] {
  const ip = key === "ipv4" ? "ip" : "ip6";
  const outside = { saddr: `${ip} saddr != ${block}`, daddr: `${ip} daddr != ${block}` };
  if (firewall.beyond === "nothing")
    return [
      `${outside.saddr} counter name source_refused drop`,
      `${outside.daddr} counter name destination_refused drop`,
    ];
  const special = key === "ipv4" ? "@special4" : "@special6";
  return [
    `${outside.saddr} ${outside.daddr} counter name source_refused drop`,
    `${outside.saddr} ${ip} saddr ${special} counter name source_refused drop`,
    `${outside.daddr} ${ip} daddr ${special} counter name destination_refused drop`,
  ];
}

/** From elsewhere than the stations, or from a segment that does not lead to them: then the source is forged. */
function managementInput(router: RouterPlan, ports: InterfaceNames): readonly string[] {
  const leading = router.interfaces
    .filter(({ segment }) => leadsToStations(router, segment))
    .map(({ segment }) => ports.of(segment));
  const none = leading.length === 0;
  return FAMILIES.flatMap(({ key, number }) => {
    const to = `${key === "ipv4" ? "ip" : "ip6"} daddr @management${number}`;
    const from = `${key === "ipv4" ? "ip" : "ip6"} saddr`;
    return [
      `${to} ${from} != @stations${number} counter name management_refused drop`,
      `${to} ${none ? "" : `${ports.key} != { ${leading.join(", ")} } `}counter name management_refused drop`,
    ];
  });
}

/** Only stations ask there; what goes to the stations themselves are answers, which their gateway judges. */
function managementRule({ key, number }: Family): string {
  const ip = key === "ipv4" ? "ip" : "ip6";
  return `${ip} daddr @management${number} ${ip} daddr != @stations${number} ${ip} saddr != @stations${number} counter name management_refused drop`;
}

function verdict(router: RouterPlan): string {
  const { forward: manner, openings } = router.firewall;
  const rules =
    manner === "open"
      ? ["accept"]
      : [
          "ct state established,related accept",
          ...openings.flatMap(openingRules),
          "counter name denied drop",
        ];
  return `  chain verdict {\n    ${rules.join("\n    ")}\n  }`;
}
