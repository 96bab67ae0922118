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
