import { describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import { Fault } from "../../modules/core/fault.ts";
import type { Prefix } from "../../modules/core/prefix.ts";
import { explain, parseAsked, type Explanation } from "../../modules/plan/ip-explain.ts";
import { explanationText } from "../../modules/plan/ip-explain-text.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const INVENTORY = buildInventory({ pops: 1, lans: [{ length: 24, pop: 0 }], vps: [0] });
const PLAN = makePlan(INVENTORY).plan!;
const LAN = PLAN.routers.find(({ lan }) => lan !== undefined)!.lan!;
const ACCESS = PLAN.segments.find(({ name }) => name === "access-pop0")!;
const BACKBONE = PLAN.segments.find(({ name }) => name === "backbone-a")!;
const [VPS] = PLAN.vps;

describe("explain", () => {
  it.each([
    ["a LAN", LAN.ipv4.text, "allocated", "the LAN of Agency 0 (agency-0)"],
    ["a LAN in IPv6", LAN.ipv6.text, "allocated", "the LAN of Agency 0 (agency-0)"],
    ["its network address", inside(LAN.ipv4, 0n), "reserved", "the network address of the LAN"],
    ["its router", inside(LAN.ipv4, 1n), "allocated", "the router of the LAN"],
    ["a device on it", inside(LAN.ipv4, 77n), "allocated", "an address for a device"],
    ["its last IPv6 address", inside(LAN.ipv6, LAN.ipv6.size - 1n), "allocated", "a device"],
    ["its broadcast address", inside(LAN.ipv4, 255n), "reserved", "the broadcast address"],
    ["its IPv6 anycast", inside(LAN.ipv6, 0n), "reserved", "the subnet-router anycast"],
    ["half of it", `${inside(LAN.ipv4, 128n)}/25`, "allocated", "a part of the LAN of Agency 0"],
    ["a hub", inside(ACCESS.prefix.ipv4, 1n), "allocated", "POP pop0 (pop-pop0) on the segment"],
    ["the engine", ACCESS.engineAddress.ipv4.text, "engine", "the Docker engine's own"],
    ["the engine in IPv6", ACCESS.engineAddress.ipv6.text, "engine", "the Docker engine's own"],
    ["a first host", inside(BACKBONE.prefix.ipv4, 1n), "reserved", "given to no router"],
    ["a service", VPS!.service.ipv4.text, "allocated", "the service address of the VPS vps-0"],
    ["a VPS", VPS!.address.ipv6.text, "allocated", "the VPS vps-0 of agency-0 on the segment"],
    ["a gateway", VPS!.gateway.ipv4.text, "allocated", "the gateway of Agency 0 on its tenant's"],
    [
      "a whole pool",
      "10.116.0.0/14",
      "several",
      "the pool perangkat-daerah: it holds 1 allocations (lan/",
    ],
    ["an unused pool", "10.115.0.9", "free", "free in the pool drc"],
    ["between pools", "10.127.255.0/24", "unassigned", "it lies in the block, but in no one pool"],
    ["outside", "192.168.1.1", "outside", "nobody's here: outside the block of Uji"],
  ])("knows %s", (_name, text, status, what) => {
    const found = asked(text);
    expect([found.status, found.what]).toEqual([status, expect.stringContaining(what)]);
  });

  it("names what contains an address, who announces it, and its names", () => {
    expect(explanationText(asked(inside(LAN.ipv4, 1n)))).toMatch(
      new RegExp(
        [
          "^\\S+ is the router of the LAN of Agency 0 \\(agency-0\\), its first host",
          "  in 10.112.0.0/12, the block of Uji",
          "  in 10.116.0.0/14, the pool perangkat-daerah",
          "  in \\S+/20, the share of POP pop0 in the pool perangkat-daerah",
          "  in \\S+/24, the LAN of Agency 0 \\(agency-0\\)",
          "  announced by agency-0",
          "  name router.a0.intra.ujikab.go.id.$",
        ].join("\n"),
      ),
    );
    expect(asked(VPS!.service.ipv4.text)).toMatchObject({
      owner: "vps-0",
      announcedBy: ["agency-0/gateway"],
      names: expect.arrayContaining(["vps-0.a0.intra.ujikab.go.id."]) as string[],
    });
  });

  it("says that the share of a POP is free where nothing stands, and who would announce it", () => {
    const share = asked(LAN.ipv4.text).within.at(-1)!.prefix;
    const first = share.replace(/\/20$/, "");
    const free = first === inside(LAN.ipv4, 0n) ? first.replace(/\d+\.0$/, "15.0") : first;
    expect(asked(`${free}/28`)).toMatchObject({ status: "free", announcedBy: ["pop-pop0"] });
  });

  it("says that the lock keeps what is no longer in the inventory", () => {
    const lock = lockOf(lockEntries(PLAN));
    const gone = buildInventory({ pops: 1, lans: [{ length: 24, pop: 0 }], vps: [] }, lock);
    const found = explain(prefixOf(VPS!.service.ipv4.text), gone, makePlan(gone).plan!);
    expect(found).toMatchObject({
      status: "resting",
      what: "kept for service/vps-0, which is no longer in the inventory",
    });
  });

  it.each(["10.01.2.3", "10.1.2", "10.0.0.1/8", "fd00::g", ""])("refuses %j in words", (text) => {
    const fault = parseAsked(text);
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).fix).not.toBe("");
  });
});

function asked(text: string): Explanation {
  return explain(prefixOf(text), INVENTORY, PLAN);
}

function prefixOf(text: string): Prefix {
  const prefix = parseAsked(text);
  if (prefix instanceof Fault) throw new Error(prefix.what);
  return prefix;
}

function inside(prefix: Prefix, offset: bigint): string {
  return Address.inside(prefix, offset).text;
}
