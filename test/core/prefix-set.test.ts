import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Prefix } from "../../modules/core/prefix.ts";
import { PrefixSet } from "../../modules/core/prefix-set.ts";

const SPACE = Prefix.of(4, 0x0a00_0000n, 24);
const members = fc.array(fc.tuple(fc.integer({ min: 23, max: 32 }), fc.nat({ max: 511 })), {
  maxLength: 20,
});

describe("PrefixSet", () => {
  it("finds the largest free prefix that brute force finds, and counts what is free", () => {
    fc.assert(
      fc.property(members, (wanted) => {
        const { set, prefixes } = filled(wanted);
        const apart = (each: Prefix): boolean => !prefixes.some((other) => other.overlaps(each));
        const candidates = [24, 25, 26, 27, 28, 29, 30, 31, 32].flatMap(slotsOf);
        expect(set.largestFreeIn(SPACE)?.text).toBe(candidates.find(apart)?.text);
        expect(set.freeIn(SPACE)).toBe(BigInt(slotsOf(32).filter(apart).length));
      }),
    );
  });
});

/** Members around the space too: neighbours must not count. */
function filled(wanted: readonly (readonly [number, number])[]) {
  const set = new PrefixSet();
  const prefixes: Prefix[] = [];
  for (const [length, offset] of wanted) {
    const bits = BigInt(32 - length);
    const first = ((SPACE.first - 128n + BigInt(offset)) >> bits) << bits;
    const prefix = Prefix.of(4, first, length);
    if (set.overlapping(prefix) !== undefined) continue;
    set.add(prefix);
    prefixes.push(prefix);
  }
  return { set, prefixes };
}

function slotsOf(length: number): Prefix[] {
  const size = 1n << BigInt(32 - length);
  return Array.from({ length: Number(SPACE.size / size) }, (_, slot) =>
    Prefix.of(4, SPACE.first + BigInt(slot) * size, length),
  );
}
