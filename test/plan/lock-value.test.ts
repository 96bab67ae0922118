import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import { Fault } from "../../modules/core/fault.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import { lockValue, parseLockValue } from "../../modules/plan/lock-value.ts";

const V4 = "10.0.0.0/24";

describe("parseLockValue", () => {
  it("reads IPv6 as the general parser does, whatever is written", () => {
    const text = fc.oneof(
      fc.ipV6(),
      fc.tuple(fc.ipV6(), fc.nat({ max: 130 })).map(([address, length]) => `${address}/${length}`),
      fc.stringMatching(
        /^[0-9a-f]{1,4}(:0?[0-9a-f]{1,3}){0,4}::([0-9a-f]{1,4}(:0){0,2})?(\/(64|48|0128))?$/,
      ),
    );
    fc.assert(
      fc.property(text, (written) => {
        const read = parseLockValue(`${V4} ${written}`);
        const expected = general(written);
        if (expected instanceof Fault) expect(read).toBeInstanceOf(Fault);
        else expect((read as { ipv6: Prefix }).ipv6).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads back what is written", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (subnet) => {
        const pair = {
          ipv4: Prefix.of(4, 0x0a00_0000n, 31),
          ipv6: Prefix.of(6, subnet << 64n, 64),
        };
        expect(parseLockValue(lockValue(pair))).toEqual(pair);
      }),
    );
  });
});

function general(text: string): Prefix | Fault {
  if (text.includes("/")) return Prefix.parse(text);
  const address = Address.parse(text);
  return address instanceof Fault ? address : Prefix.host(address);
}
