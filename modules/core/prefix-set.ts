import type { Prefix } from "./prefix.ts";

/** Prefixes of one family that do not overlap, kept in order; a look-up is a binary search. */
export class PrefixSet {
  readonly #sorted: Prefix[] = [];

  /** The member that overlaps this prefix and starts first, if any does. */
  overlapping(prefix: Prefix): Prefix | undefined {
    const next = this.#firstEndingAfter(prefix.first);
    return next !== undefined && next.first < prefix.first + prefix.size ? next : undefined;
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
