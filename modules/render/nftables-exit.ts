import type { DualPrefix } from "../core/dual.ts";
import type { DeniedPorts } from "../inventory/internet-model.ts";
import { COMMON_CLASS, CONTROL_CLASS } from "../plan/internet-plan.ts";
import type { ExitPlan, RouterPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { commentText } from "./comment-text.ts";
import { openingRules } from "./nftables-openings.ts";
import { nftablesCounters, nftablesSet, notOnTheInternet } from "./nftables-set.ts";
import { withoutNested } from "./prefix-list.ts";
import { outerNumber } from "./router-addresses.ts";

/**
 * The packet filter of the exit, beside what every router has. Interface group 1 is the segment of the Pusat Data, the
 * next one leads to the provider. Further counters: `port_denied` (destination ports that the inventory denies),
 * `translated` (packets that left), `leak_stopped` (would have left under an address that is not the outer one; nothing
 * but a mistake of ours gets there).
 */
export function exitForward(
  router: RouterPlan,
  exit: ExitPlan,
  block: DualPrefix,
): readonly string[] {
  const outer = outerNumber(router);
  return [
    ...notOnTheInternet(),
    ...FAMILIES.flatMap((family) => clientsAndClasses(exit, family)),
    chain("leaving", leaving(exit, block, outer)),
    chain("answers", answers(exit, block, outer)),
    chain("forward", [
      "type filter hook forward priority filter; policy drop;",
      `meta iifgroup vmap { ${INNER} : goto leaving, ${outer} : goto answers }`,
      "counter name unknown_segment drop",
    ]),
    chain("shaping", [
      "type filter hook forward priority filter + 10; policy accept;",
      `meta priority set 1:${COMMON_CLASS.toString(16)}`,
      ...FAMILIES.flatMap(({ key, number }) => {
        const ip = key === "ipv4" ? "ip" : "ip6";
        return [
          `oifgroup ${outer} meta priority set ${ip} saddr map @classes${number}`,
          `oifgroup ${INNER} meta priority set ${ip} daddr map @classes${number}`,
        ];
      }),
    ]),
    chain("translation", [
      "type nat hook postrouting priority srcnat; policy accept;",
      ...withOuter(exit, ({ key }, { address }) => {
        const ip = key === "ipv4" ? "ip" : "ip6";
        return [`oifgroup ${outer} ${ip} saddr ${block[key].text} snat ${ip} to ${address.text}`];
      }),
    ]),
    ...inbound(exit, outer),
    chain("guard", guard(exit)),
    chain("from_provider", fromProvider()),
    chain("to_provider", toProvider(exit)),
  ];
}

const INNER = 1;

export function exitCounters(): string {
  return nftablesCounters([
    "denied",
    "destination_refused",
    "input_refused",
    "leak_stopped",
    "management_refused",
    "port_denied",
    "source_refused",
    "translated",
    "unknown_segment",
  ]);
}

/** Goes to the chain `from_provider`: an interface without a number is one of theirs until it is known. */
export const EXIT_INPUT = `iifgroup != ${INNER} goto from_provider`;

/** The router's own traffic is first in line; what goes to the provider is for `to_provider` to say. */
export const EXIT_OUTPUT = [
  `meta priority set 1:${CONTROL_CLASS.toString(16)}`,
  `oifname != "lo" oifgroup != ${INNER} goto to_provider`,
].join("\n    ");

/** To the router itself: nothing begins outside. */
function fromProvider(): readonly string[] {
  return [
    "ct state established,related accept",
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept",
    "counter name input_refused drop",
  ];
}

/** From the router itself: neighbour discovery, and a ping of the provider's gateway, by which its line is judged. */
function toProvider(exit: ExitPlan): readonly string[] {
  return [
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    ...withOuter(exit, ({ key }, { gateway }) => [
      key === "ipv4"
        ? `ip daddr ${gateway.text} icmp type echo-request accept`
        : `ip6 daddr ${gateway.text} icmpv6 type echo-request accept`,
    ]),
    "drop",
  ];
}

function clientsAndClasses(
  { clients, classes }: ExitPlan,
  { key, number }: Family,
): readonly string[] {
  const own = withoutNested(clients[key]).map(({ text }) => text);
  const elements = classes.flatMap(({ number: minor, prefixes }) =>
    prefixes[key].map(({ text }) => `${text} : 1:${minor.toString(16)}`),
  );
  const map = [
    `type ipv${number}_addr : classid`,
    "flags interval",
    ...(elements.length > 0 ? [`elements = {\n      ${elements.join(",\n      ")}\n    }`] : []),
  ];
  return [
    nftablesSet(`clients${number}`, number, "prefixes", own),
    `  map classes${number} {\n    ${map.join("\n    ")}\n  }`,
  ];
}

/** From inside: the block's own addresses only, to the internet only, and what the plan lets out. */
function leaving(exit: ExitPlan, block: DualPrefix, outer: number): readonly string[] {
  return [
    `oifgroup != ${outer} counter name denied drop`,
    `ip saddr != ${block.ipv4.text} counter name source_refused drop`,
    `ip6 saddr != ${block.ipv6.text} counter name source_refused drop`,
    "ip daddr @special4 counter name destination_refused drop",
    "ip6 daddr @special6 counter name destination_refused drop",
    "ct state established,related accept",
    "ct state invalid counter name denied drop",
    ...exit.denied.flatMap(deniedRules),
    "ip saddr @clients4 accept",
    "ip6 saddr @clients6 accept",
    ...exit.openings.flatMap(openingRules),
    "counter name denied reject with icmpx admin-prohibited",
  ];
}

/** Clients are told at once: a silent drop would look like a slow network. */
function deniedRules({ ports, protocol, why }: DeniedPorts): readonly string[] {
  return (["tcp", "udp"] as const)
    .filter((each) => protocol === undefined || protocol === each)
    .map((each) => {
      const how = each === "tcp" ? "tcp reset" : "icmpx admin-prohibited";
      return `${each} dport ${ports.text} counter name port_denied reject with ${how} comment "${ruleComment(why)}"`;
    });
}

/** nft takes 128 bytes, and no quote. */
function ruleComment(text: string): string {
  return Buffer.from(commentText(text).replaceAll(/["\\]/g, "'"))
    .subarray(0, 120)
    .toString("utf8")
    .replace(/\uFFFD$/, "");
}

/** Strangers reach the edge, at these ports of the outer address, and nothing else. */
function inbound(exit: ExitPlan, outer: number): readonly string[] {
  const { inbound } = exit;
  if (inbound === undefined) return [];
  return [
    chain("inbound", [
      "type nat hook prerouting priority dstnat; policy accept;",
      ...withOuter(exit, ({ key }, { address }) => {
        const ip = key === "ipv4" ? "ip" : "ip6";
        return [
          `iifgroup ${outer} ${ip} daddr ${address.text} tcp dport { ${inbound.ports.join(", ")} } dnat ${ip} to ${inbound.to[key].text}`,
        ];
      }),
    ]),
  ];
}

/** What began inside; and new connections that the chain `inbound` led to the edge. */
function answers({ inbound }: ExitPlan, block: DualPrefix, outer: number): readonly string[] {
  return [
    `oifgroup ${outer} counter name denied drop`,
    "ip saddr @special4 counter name source_refused drop",
    "ip6 saddr @special6 counter name source_refused drop",
    `ip daddr != ${block.ipv4.text} counter name destination_refused drop`,
    `ip6 daddr != ${block.ipv6.text} counter name destination_refused drop`,
    "ct state established,related accept",
    ...(inbound === undefined
      ? []
      : FAMILIES.map(({ key }) => {
          const ip = key === "ipv4" ? "ip" : "ip6";
          const ports = inbound.ports.join(", ");
          return `ct status dnat ${ip} daddr ${inbound.to[key].text} tcp dport { ${ports} } ct state new counter accept comment "published"`;
        })),
    "counter name denied drop",
  ];
}

/** The last look, after translation: fail-closed, so that an interface without a number lets nothing out. */
function guard(exit: ExitPlan): readonly string[] {
  return [
    "type filter hook postrouting priority srcnat + 10; policy accept;",
    `oifgroup ${INNER} accept`,
    `oifname "lo" accept`,
    ...withOuter(exit, ({ key }, { address, gateway }) => {
      const ip = key === "ipv4" ? "ip" : "ip6";
      const special = key === "ipv4" ? "@special4" : "@special6";
      return [
        `${ip} saddr ${address.text} ${ip} daddr ${gateway.text} accept`,
        `${ip} saddr ${address.text} ${ip} daddr != ${special} counter name translated accept`,
      ];
    }),
    // What a host says to its own link: neighbour discovery is needed, the rest is nobody's business.
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
    "ip daddr 224.0.0.0/4 drop",
    "ip6 daddr ff00::/8 drop",
    "counter name leak_stopped drop",
  ];
}

function withOuter(
  exit: ExitPlan,
  rules: (family: Family, outer: ExitPlan["ipv4"]) => readonly string[],
): readonly string[] {
  return FAMILIES.flatMap((family) => {
    const outer = exit[family.key];
    return outer === undefined ? [] : rules(family, outer);
  });
}

function chain(name: string, rules: readonly string[]): string {
  return `  chain ${name} {\n    ${rules.join("\n    ")}\n  }`;
}
