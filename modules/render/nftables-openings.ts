import type { DualPrefixes } from "../core/dual.ts";
import type { Opening } from "../plan/router-plan.ts";
import { type Family, FAMILIES } from "./bird-names.ts";
import { withoutNested } from "./prefix-list.ts";

/** The rules of one opening: one a family; none where a list is empty, for that matches nothing. */
export function openingRules(opening: Opening): readonly string[] {
  return FAMILIES.flatMap((family) => {
    const from = addressMatch("saddr", opening.from, family);
    const to = addressMatch("daddr", opening.to, family);
    if (from === undefined || to === undefined) return [];
    const match = [from, to, protocolMatch(opening, family)].filter((text) => text !== "");
    return [`${match.join(" ")} counter accept comment "${opening.name}"`];
  });
}

/** Empty when any address matches, undefined when none does. */
function addressMatch(
  side: "saddr" | "daddr",
  prefixes: DualPrefixes | undefined,
  { key, number }: Family,
): string | undefined {
  if (prefixes === undefined) return side === "saddr" ? `meta nfproto ipv${number}` : "";
  const texts = withoutNested(prefixes[key]).map(({ text }) => text);
  if (texts.length === 0) return undefined;
  return `${key === "ipv4" ? "ip" : "ip6"} ${side} { ${texts.join(", ")} }`;
}

function protocolMatch({ name, protocol, port }: Opening, { key }: Family): string {
  if (protocol === "icmp") return `${key === "ipv4" ? "icmp" : "icmpv6"} type echo-request`;
  if (port === undefined) throw new Error(`opening ${name}: ${protocol} without a port`);
  return `${protocol} dport ${port}`;
}
