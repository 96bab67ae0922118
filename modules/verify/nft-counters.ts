/** Packets by the counter's name, from `nft list counters`. */
export function parseCounters(output: string): ReadonlyMap<string, number> {
  return new Map(
    Array.from(output.matchAll(/counter (\w+) \{\s+packets (\d+)/g), ([, name, packets]) => [
      name!,
      Number(packets),
    ]),
  );
}

/** Counters that grew between two looks, and by how many packets. */
export function growth(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const grown = [...after].map(
    ([name, packets]) => [name, packets - (before.get(name) ?? 0)] as const,
  );
  return new Map(grown.filter(([, packets]) => packets > 0));
}
