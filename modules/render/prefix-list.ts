import type { Prefix } from "../core/prefix.ts";

/** Sorted by address, then wider first, without doubles: the same plan gives the same text. */
export function sortedPrefixes(prefixes: readonly Prefix[]): readonly Prefix[] {
  const sorted = prefixes.toSorted(byAddress);
  return sorted.filter((prefix, at) => prefix.text !== sorted[at - 1]?.text);
}

/** The fewest of the prefixes that cover the same addresses; interval sets of nftables refuse overlaps. */
export function withoutNested(prefixes: readonly Prefix[]): readonly Prefix[] {
  const outer: Prefix[] = [];
  for (const prefix of prefixes.toSorted(byAddress))
    if (!outer.at(-1)?.contains(prefix)) outer.push(prefix);
  return outer;
}

function byAddress(a: Prefix, b: Prefix): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.length - b.length;
}
