const MOST_LENGTHS = 4;

/** Free prefixes by length, as `PrefixSet.freeBlocksIn` counts them: `2 x /22, 1 x /25`, the largest first. */
export function blocksInWords(blocks: ReadonlyMap<number, number>): string {
  if (blocks.size === 0) return "nothing";
  const sorted = [...blocks].toSorted(([a], [b]) => a - b);
  const shown = sorted.slice(0, MOST_LENGTHS).map(([length, count]) => `${count} x /${length}`);
  return `${shown.join(", ")}${sorted.length > MOST_LENGTHS ? " and smaller ones" : ""}`;
}
