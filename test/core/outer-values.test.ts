import { describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import { Fault } from "../../modules/core/fault.ts";
import { InterfaceAddress } from "../../modules/core/interface-address.ts";
import { PortRange } from "../../modules/core/port-range.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import { NOT_ON_THE_INTERNET } from "../../modules/core/special-purpose.ts";

describe("InterfaceAddress.parse", () => {
  it.each([
    ["203.0.113.10/29", "203.0.113.10", "203.0.113.8/29"],
    ["192.168.1.2/24", "192.168.1.2", "192.168.1.0/24"],
    ["203.0.113.11/31", "203.0.113.11", "203.0.113.10/31"],
    ["2001:DB8:7::2/64", "2001:db8:7::2", "2001:db8:7::/64"],
    ["2001:db8:7::ffff/112", "2001:db8:7::ffff", "2001:db8:7::/112"],
  ])("reads %s as %s on %s", (text, address, prefix) => {
    expect(InterfaceAddress.parse(text)).toMatchObject({
      address: { text: address },
      prefix: { text: prefix },
    });
  });

  it.each([
    ["203.0.113.10", "write it as 203.0.113.10/29 or 2001:db8:7::2/64"],
    ["203.0.113.10/29/1", "write it as 203.0.113.10/29 or 2001:db8:7::2/64"],
    ["203.0.113.010/29", "write it as 203.0.113.10/29 or 2001:db8:7::2/64"],
    ["203.0.113.10/33", "write it as /29 or /64"],
    ["203.0.113.10/", "write it as /29 or /64"],
    ["203.0.113.8/29", "write a host inside 203.0.113.8/29"],
    ["203.0.113.15/29", "write a host inside 203.0.113.8/29"],
    ["2001:db8:7::/64", "write a host inside 2001:db8:7::/64"],
  ])("refuses %j: %s", (text, fix) => {
    expect(InterfaceAddress.parse(text)).toMatchObject({ what: expect.any(String), fix });
  });
});

describe("PortRange.parse", () => {
  it.each([
    ["25", 25, 25, "25"],
    ["135-139", 135, 139, "135-139"],
    ["65535", 65_535, 65_535, "65535"],
  ])("reads %s", (text, first, last, canonical) => {
    expect(PortRange.parse(text)).toMatchObject({ first, last, text: canonical });
  });

  it.each(["0", "025", "65536", "1-65536", "139-135", "25-25", "1-", "a", "", "1,2"])(
    "refuses %j",
    (text) => {
      expect(PortRange.parse(text)).toBeInstanceOf(Fault);
    },
  );
});

describe("NOT_ON_THE_INTERNET", () => {
  const lists = Object.values(NOT_ON_THE_INTERNET).map((texts) => texts.map(certain));

  it("is in order and without overlaps, as packet filters take it", () => {
    for (const prefixes of lists)
      for (const [at, prefix] of prefixes.entries()) {
        const next = prefixes[at + 1];
        if (next) expect([prefix.text, prefix.first < next.first]).toEqual([prefix.text, true]);
        const others = prefixes.filter((other) => other !== prefix && other.overlaps(prefix));
        // What IPv6's halves leave is 2000::/3; three blocks inside it are special.
        expect([prefix.text, others]).toEqual([prefix.text, []]);
      }
  });

  it.each([
    ["10.1.2.3", true],
    ["100.127.0.1", true],
    ["127.0.0.1", true],
    ["172.31.9.9", true],
    ["192.168.1.1", true],
    ["255.255.255.255", true],
    ["fd00::1", true],
    ["fe80::1", true],
    ["::1", true],
    ["64:ff9b::1", true],
    ["2001:db8::1", true],
    ["8.8.4.4", false],
    ["100.128.0.1", false],
    ["172.32.0.1", false],
    ["2620:fe::9", false],
    ["2404:c0::1", false],
  ])("%s: %s", (text, isSpecial) => {
    const address = Address.parse(text);
    if (address instanceof Fault) throw new Error(address.what);
    expect(lists.flat().some((prefix) => address.isIn(prefix))).toBe(isSpecial);
  });
});

function certain(text: string): Prefix {
  const prefix = Prefix.parse(text);
  if (prefix instanceof Fault) throw new Error(prefix.what);
  return prefix;
}
