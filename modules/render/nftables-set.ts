import { NOT_ON_THE_INTERNET } from "../core/special-purpose.ts";

/** A named set of the table; `addresses` holds single ones, `prefixes` intervals that do not overlap. */
export function nftablesSet(
  name: string,
  family: 4 | 6,
  kind: "addresses" | "prefixes",
  elements: readonly string[],
): string {
  const lines = [
    `type ipv${family}_addr`,
    ...(kind === "prefixes" ? ["flags interval"] : []),
    // nft refuses an empty list.
    ...(elements.length > 0 ? [`elements = {\n      ${elements.join(",\n      ")}\n    }`] : []),
  ];
  return `  set ${name} {\n    ${lines.join("\n    ")}\n  }`;
}

/** Counters by name, for checks to read. */
export function nftablesCounters(names: readonly string[]): string {
  return names.map((name) => `  counter ${name} { }`).join("\n");
}

/** The sets `special4` and `special6`: addresses that nobody has on the internet. */
export function notOnTheInternet(): readonly string[] {
  return [
    nftablesSet("special4", 4, "prefixes", NOT_ON_THE_INTERNET.ipv4),
    nftablesSet("special6", 6, "prefixes", NOT_ON_THE_INTERNET.ipv6),
  ];
}
