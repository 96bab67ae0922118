import { Prefix } from "./prefix.ts";

/** Prefixes of one family that do not overlap, kept in order; a look-up is a binary search. */
export class PrefixSet {
  readonly #sorted: Prefix[] = [];

  /** The member that overlaps this prefix and starts first, if any does. */
  overlapping(prefix: Prefix): Prefix | undefined {
    const next = this.#firstEndingAfter(prefix.first);
    return next !== undefined && next.first < prefix.first + prefix.size ? next : undefined;
  }

  /** Every member that overlaps this prefix, in order. */
  allOverlapping(prefix: Prefix): readonly Prefix[] {
    const begin = this.#indexEndingAfter(prefix.first);
    const after = this.#sorted
      .slice(begin)
      .findIndex(({ first }) => first >= prefix.first + prefix.size);
    return this.#sorted.slice(begin, after < 0 ? undefined : begin + after);
  }

  /** Puts a prefix in the place of the members that it contains; checking is the caller's. */
  replaceInside(prefix: Prefix): void {
    const inside = this.allOverlapping(prefix).length;
    this.#sorted.splice(this.#indexEndingAfter(prefix.first), inside, prefix);
  }

  /** Adds a prefix that overlaps no member; checking is the caller's, who must say whose it is. */
  add(prefix: Prefix): void {
    this.#sorted.splice(this.#indexEndingAfter(prefix.first), 0, prefix);
  }

  /** Addresses of the space that no member covers. */
  freeIn(space: Prefix): bigint {
    let free = space.size;
    for (const member of this.#sorted) {
      if (member.contains(space)) return 0n;
      if (space.contains(member)) free -= member.size;
    }
    return free;
  }

  /** The largest prefix of the space that no member overlaps, the first of several; undefined when nothing is free. */
  largestFreeIn(space: Prefix): Prefix | undefined {
    let best: Prefix | undefined;
    for (const block of this.#freeBlocks(space))
      if (best === undefined || block.length < best.length) best = block;
    return best;
  }

  /** How many prefixes of each length are free in the space, each as large as it can be. */
  freeBlocksIn(space: Prefix): ReadonlyMap<number, number> {
    const blocks = new Map<number, number>();
    for (const { length } of this.#freeBlocks(space))
      blocks.set(length, (blocks.get(length) ?? 0) + 1);
    return blocks;
  }

  *#freeBlocks(space: Prefix): Generator<Prefix> {
    const end = space.first + space.size;
    let from = space.first;
    for (let index = this.#indexEndingAfter(from); from < end; index++) {
      const member = this.#sorted[index];
      const until = member !== undefined && member.first < end ? member.first : end;
      yield* alignedBlocks(space.family, from, until);
      if (member === undefined) break;
      from = member.first + member.size;
    }
  }

  #firstEndingAfter(address: bigint): Prefix | undefined {
    return this.#sorted[this.#indexEndingAfter(address)];
  }

  #indexEndingAfter(address: bigint): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const member = this.#sorted[middle]!;
      if (member.first + member.size <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A gap as prefixes, each as large as its place and the gap allow. */
function* alignedBlocks(family: 4 | 6, from: bigint, until: bigint): Generator<Prefix> {
  const width = family === 4 ? 32 : 128;
  for (let first = from; first < until;) {
    let bits = 0;
    while (bits < width && fits(first, bits + 1, until)) bits++;
    yield Prefix.of(family, first, width - bits);
    first += 1n << BigInt(bits);
  }
}

function fits(first: bigint, bits: number, until: bigint): boolean {
  const size = 1n << BigInt(bits);
  return first % size === 0n && first + size <= until;
}
