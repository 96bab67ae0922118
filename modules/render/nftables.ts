import type { DualPrefix } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { commentText } from "./comment-text.ts";
import { EXIT_INPUT, EXIT_OUTPUT, exitCounters, exitForward } from "./nftables-exit.ts";
import { openingRules } from "./nftables-openings.ts";
import { nftablesCounters, nftablesSet, notOnTheInternet } from "./nftables-set.ts";
import { sourceCheck } from "./nftables-sources.ts";
import { segmentNumber } from "./router-addresses.ts";

/**
 * The packet filter of one router, loaded in one transaction by `nft -f`: connections that are tracked live on.
 *
 * Counters by name, for checks: `source_refused` (BCP 38 and the kabupaten's block), `destination_refused`, `denied`
 * (a gateway's default), `unknown_segment`, `input_refused`; those of the exit are in nftables-exit.ts.
 *
 * @param block the kabupaten's whole address block: nothing else is forwarded, from or to, but what goes to the internet
 */
export function nftablesRuleset(router: RouterPlan, block: DualPrefix): string {
  const parts = router.exit
    ? [exitCounters(), ...exitForward(router, router.exit, block)]
    : [counters(), ...untracked(router), ...forward(router, block)];
  return `# ${router.name}: ${commentText(router.title)}. Made from the plan; what is changed here by hand is lost.
table inet simpul
delete table inet simpul
table inet simpul {
${[...parts, ...neighbourSets(router), input(router), output(router)].join("\n\n")}
}
`;
}

function counters(): string {
  return nftablesCounters([
    "denied",
    "destination_refused",
    "input_refused",
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

/** BFD is for direct neighbours only, hence the TTL (RFC 5881 section 5). UDP is refused aloud: traceroute ends so. */
function input(router: RouterPlan): string {
  return `  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept${router.exit ? `\n    ${EXIT_INPUT}` : ""}
    ct state established,related accept
    ip saddr @neighbours4 tcp dport 179 accept
    ip saddr @neighbours4 ip ttl 255 udp dport 3784 accept
    ip6 saddr @neighbours6 tcp dport 179 accept
    ip6 saddr @neighbours6 ip6 hoplimit 255 udp dport 3784 accept
    icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } limit rate 1000/second burst 1000 packets accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
    icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } limit rate 1000/second burst 1000 packets accept
    meta l4proto udp limit rate 100/second reject with icmpx type port-unreachable
    counter name input_refused
  }`;
}

/** Hubs send packets back out of the segment they came from; nobody is to learn a short cut from that. */
function output(router: RouterPlan): string {
  return `  chain output {
    type filter hook output priority filter; policy accept;${router.exit ? `\n    ${EXIT_OUTPUT}` : ""}
    icmp type redirect drop
    icmpv6 type nd-redirect drop
  }`;
}

function forward(router: RouterPlan, block: DualPrefix): readonly string[] {
  const checks = router.interfaces.map((one) => sourceCheck(router, one));
  const targets = checks.map(
    ({ segment, chain }) => `${segmentNumber(router, segment)} : goto ${chain}`,
  );
  const chain = [
    ...FAMILIES.flatMap(({ key }) => addressChecks(router, block[key], key)),
    ...(targets.length > 0 ? [`meta iifgroup vmap { ${targets.join(", ")} }`] : []),
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
