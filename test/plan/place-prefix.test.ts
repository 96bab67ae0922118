import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Prefix } from "../../modules/core/prefix.ts";
import { PrefixSet } from "../../modules/core/prefix-set.ts";
import { placePrefix } from "../../modules/plan/place-prefix.ts";

const SPACE = Prefix.of(4, 0x0a44_0000n, 22);

const lengths = fc.array(fc.integer({ min: 22, max: 30 }), { minLength: 1, maxLength: 40 });

describe("placePrefix", () => {
  it("never overlaps, stays inside the space, and fills it to the last address", () => {
    fc.assert(
      fc.property(lengths, (wanted) => {
        const taken = new PrefixSet();
        const placed: Prefix[] = [];
        for (const [index, length] of wanted.entries()) {
          const prefix = placePrefix(taken, SPACE, length, `lan/agency-${index}`);
          if (prefix === undefined) continue;
          expect(SPACE.contains(prefix)).toBe(true);
          expect(placed.some((other) => other.overlaps(prefix))).toBe(false);
          taken.add(prefix);
          placed.push(prefix);
        }
      }),
    );
  });

  it("says no only when brute force finds no room either", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 22, max: 28 }), (wanted, last) => {
        const taken = new PrefixSet();
        const placed: Prefix[] = [];
        for (const [index, length] of wanted.entries()) {
          const prefix = placePrefix(taken, SPACE, length, `x/${index}`);
          if (prefix === undefined) continue;
          taken.add(prefix);
          placed.push(prefix);
        }
        const bits = BigInt(32 - last);
        const candidates = Array.from({ length: Number(SPACE.size >> bits) }, (_, slot) =>
          Prefix.of(4, SPACE.first + (BigInt(slot) << bits), last),
        );
        const room = candidates.some((each) => !placed.some((other) => other.overlaps(each)));
        expect(placePrefix(taken, SPACE, last, "y") !== undefined).toBe(room);
      }),
    );
  });

  it("gives a key the same place in every run", () => {
    const place = () => placePrefix(new PrefixSet(), SPACE, 26, "lan/dinas-kesehatan")?.text;
    expect(place()).toBe(place());
  });

  it("refuses a prefix that is larger than the space", () => {
    expect(placePrefix(new PrefixSet(), SPACE, 21, "lan/too-large")).toBeUndefined();
  });
});
