import { describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { deviceOf, dhcpRange } from "../../modules/plan/device.ts";
import { parsePorts, type Platform } from "../../modules/plan/device-ports.ts";
import { ifupdownInterfaces } from "../../modules/render/ifupdown.ts";
import { device } from "../render/device-fixture.ts";
import { addresses, BLOCK, kabupaten, prefixes } from "../render/router-fixture.ts";

const { pop, agencies } = kabupaten(1);
const agency = agencies[0]!;
const kabupatenOf = { block: BLOCK, resolvers: [addresses("10.210.128.53", "fd5c::53")] };
const fault = (platform: Platform, ports: Readonly<Record<string, readonly string[]>>): string => {
  const made = deviceOf(kabupatenOf, agency, platform, new Map(Object.entries(ports)));
  return made instanceof Fault ? made.what : "";
};

describe("deviceOf", () => {
  it("counts ports in the order of the plan, the LAN last", () => {
    const roles = (platform: Platform) =>
      device(agency, platform).ports.map(({ segment, names }) => `${segment}=${names[0]}`);
    expect(roles("routeros")).toEqual(["access-parakan=ether1", "lan=ether2"]);
    expect(roles("frr")).toEqual(["access-parakan=eth0", "lan=eth1"]);
    expect(device(pop, "bird").ports.map(({ segment }) => segment)).toEqual([
      "backbone-a",
      "access-parakan",
    ]);
  });

  it.each([
    ["a role that the router has not", "frr", { wan: ["eth0"] }, 'dinas-1 has no port "wan"'],
    [
      "a name that is no interface",
      "frr",
      { lan: ["eth0;reboot"] },
      '"eth0;reboot" is no interface of frr',
    ],
    [
      "a name too long for Linux",
      "bird",
      { lan: ["abcdefghijklmnop"] },
      '"abcdefghijklmnop" is no interface of bird',
    ],
    ["an interface with two roles", "routeros", { lan: ["ether1"] }, "ether1 would have two roles"],
    [
      "several interfaces where there is no bridge",
      "frr",
      { lan: ["eth1", "eth2"] },
      "lan has 2 interfaces",
    ],
  ] as const)("refuses %s", (_, platform, ports, what) => {
    expect(fault(platform, ports)).toBe(what);
  });
});

describe("parsePorts", () => {
  it("reads several interfaces of one role", () => {
    expect(parsePorts(["lan=ether2,ether3"])).toEqual(new Map([["lan", ["ether2", "ether3"]]]));
  });

  it.each([["lan"], ["lan="], ["LAN=eth0"], ["lan=eth0", "lan=eth1"]])("refuses %s", (...texts) => {
    expect(parsePorts(texts)).toBeInstanceOf(Fault);
  });
});

describe("dhcpRange", () => {
  it("is everything behind the router, without the broadcast address", () => {
    const range = dhcpRange(prefixes("10.212.1.0/25", "fd5c::/64"))!;
    expect([range.first.text, range.last.text]).toEqual(["10.212.1.2", "10.212.1.126"]);
    expect(dhcpRange(prefixes("10.212.1.0/30", "fd5c::/64"))!.last.text).toBe("10.212.1.2");
  });
});

describe("ifupdownInterfaces", () => {
  it("sets what BIRD does not: addresses of every port and of lo", () => {
    const text = ifupdownInterfaces(device(agency, "bird"));
    expect(text).toContain("iface eth1 inet static\n  address 10.212.1.1/24\n");
    expect(text).toContain("  up ip address replace 10.209.11.11/32 dev lo\n");
  });
});
