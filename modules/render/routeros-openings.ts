import type { DualPrefixes } from "../core/dual.ts";
import type { Opening } from "../plan/router-plan.ts";
import type { Family } from "./bird-names.ts";
import { withoutNested } from "./prefix-list.ts";

/** The rules of one opening in one family: one for each source and destination, for RouterOS matches single prefixes. */
export function openingRules(opening: Opening, family: Family): readonly string[] {
  const { name, protocol, port } = opening;
  const service =
    protocol === "icmp"
      ? family.key === "ipv4"
        ? "protocol=icmp icmp-options=8:0"
        : "protocol=icmpv6 icmp-options=128:0"
      : `protocol=${protocol} dst-port=${port}`;
  return matches("src-address", opening.from, family).flatMap((from) =>
    matches("dst-address", opening.to, family).map((to) =>
      ["add chain=verdict action=accept", service, from, to, `comment=${name}`]
        .filter((text) => text !== "")
        .join(" "),
    ),
  );
}

/** One empty match where any address does, none where no address does. */
function matches(
  side: "src-address" | "dst-address",
  prefixes: DualPrefixes | undefined,
  { key }: Family,
): readonly string[] {
  if (prefixes === undefined) return [""];
  return withoutNested(prefixes[key]).map(({ text }) => `${side}=${text}`);
}
