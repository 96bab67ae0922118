/**
 * The fewest members that stand in the wrong order: without them the others rise. By patience sorting.
 * @param order distinct numbers
 */
export function outOfOrder(order: readonly number[]): readonly number[] {
  /** Of each length, the place at which the rising row with the smallest end ends. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [place, value] of order.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    before[place] = ends[low - 1];
    ends[low] = place;
  }
  const rising = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = before[place]) rising.add(place);
  return order.filter((_, place) => !rising.has(place));
}
