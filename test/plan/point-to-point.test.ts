import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Prefix } from "../../modules/core/prefix.ts";
import { explain } from "../../modules/plan/ip-explain.ts";
import { importNumbers } from "../../modules/plan/ip-import.ts";
import { ipList } from "../../modules/plan/ip-list.ts";
import { utilisation } from "../../modules/plan/ip-utilisation.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const LINE = "transit/menara-0";
const ENDS = ["pop-pop0", "agency-0"] as const;

describe("a point-to-point line", () => {
  it("has a /31 and a /127, both of whose addresses are hosts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
        const { plan } = planned(count);
        const lines = [...lockEntries(plan)].filter(([key]) => /^transit\/menara-\d+$/.test(key));
        expect(lines.length).toBe(count);
        for (const [key, value] of lines) {
          const [ipv4, ipv6] = value.split(" ").map(prefix) as [Prefix, Prefix];
          expect([ipv4.length, ipv6.length]).toEqual([31, 127]);
          const hosts = ENDS.map((end) => lockEntries(plan).get(`${key}/${end}`)!.split(" "));
          expect(hosts.map(([v4]) => prefix(`${v4}/32`).first)).toEqual([
            ipv4.first,
            ipv4.first + 1n,
          ]);
          expect(hosts.map(([, v6]) => prefix(`${v6}/128`).first)).toEqual([
            ipv6.first,
            ipv6.first + 1n,
          ]);
        }
        const all = lines.map(([, value]) => prefix(value.split(" ")[0]!));
        expect(new Set(all.map(({ text }) => text)).size).toBe(count);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    [
      "10.112.9.8/31 fd12:3456:789a:7::a/127",
      ["10.112.9.8 fd12:3456:789a:7::a", "10.112.9.9 fd12:3456:789a:7::b"],
    ],
    [
      "10.112.9.8/31 fd12:3456:789a:7::/64",
      ["10.112.9.8 fd12:3456:789a:7::1", "10.112.9.9 fd12:3456:789a:7::2"],
    ],
    [
      "10.112.9.8/30 fd12:3456:789a:7::a/127",
      ["10.112.9.9 fd12:3456:789a:7::a", "10.112.9.10 fd12:3456:789a:7::b"],
    ],
    [
      "10.112.9.8/30 fd12:3456:789a:7::/64",
      ["10.112.9.9 fd12:3456:789a:7::1", "10.112.9.10 fd12:3456:789a:7::2"],
    ],
  ])("that is pinned to %s keeps it, and its ends are %s", (value, ends) => {
    const { plan } = planned(1, { [LINE]: value });
    const entries = lockEntries(plan);
    expect(entries.get(LINE)).toBe(value);
    expect(ENDS.map((end) => entries.get(`${LINE}/${end}`))).toEqual(ends);
  });

  it("gives the second end what the first does not have", () => {
    const { plan } = planned(1, {
      [LINE]: "10.112.9.8/31 fd12:3456:789a:7::/127",
      [`${LINE}/agency-0`]: "10.112.9.8 fd12:3456:789a:7::",
    });
    expect(lockEntries(plan).get(`${LINE}/pop-pop0`)).toBe("10.112.9.9 fd12:3456:789a:7::1");
  });

  it("is no place for a network of one address, nor outside its pool", () => {
    for (const value of ["10.112.9.8 fd12:3456:789a:7::1", "10.116.9.8/31 fd12:3456:789a:7::/127"])
      expect(ids(1, { [LINE]: value })).toContain("lock-contradicts-inventory");
  });

  it("is full with its two ends: an address of somebody else is in nobody's way but its own", () => {
    const taken = {
      [LINE]: "10.112.9.8/31 fd12:3456:789a:7::/127",
      "transit/x/y": "10.112.9.9 fd12:3456:789a:7::1",
    };
    expect(ids(1, taken)).toEqual(["pool-exhausted"]);
  });

  it("comes in from a CSV, in either family, and is listed, explained and counted", () => {
    const { inventory } = planned(1);
    const csv = `kind,owner,name,prefix,address
transit,menara-0,,10.112.9.8/31,
transit,menara-0,,fd12:3456:789a:7::/127,
transit,menara-0,agency-0,,10.112.9.8
transit,menara-0,agency-0,,fd12:3456:789a:7::
`;
    const { lines, findings } = importNumbers(inventory, "n.csv", csv);
    expect(findings).toEqual([]);
    const { plan, inventory: after } = planned(1, Object.fromEntries(lines));
    expect(
      ipList(plan.allocations)
        .filter(({ owner }) => owner === "menara-0")
        .map(({ name, prefix: network, address }) => [name, network ?? address]),
    ).toEqual([
      ["menara-0", "10.112.9.8/31"],
      ["menara-0", "fd12:3456:789a:7::/127"],
      ["agency-0", "10.112.9.8"],
      ["agency-0", "fd12:3456:789a:7::"],
      ["pop-pop0", "10.112.9.9"],
      ["pop-pop0", "fd12:3456:789a:7::1"],
    ]);
    const told = (text: string) => explain(prefix(text), after, plan).what;
    expect(told("10.112.9.8/32")).toBe("Agency 0 (agency-0) on the point-to-point line menara-0");
    expect(told("fd12:3456:789a:7::1/128")).toMatch(/^POP pop0 .*on the point-to-point line/);
    expect(told("10.112.9.8/31")).toBe("the point-to-point line menara-0");
    const before = utilisation(
      inventory,
      makePlan({ ...inventory, wan: { ...inventory.wan, links: [] } }).plan!,
      "transit",
    );
    const now = utilisation(after, plan, "transit");
    expect(now[0]!.used - before[0]!.used).toBe(2);
  });
});

describe("a segment that an engine builds", () => {
  it("keeps any pinned size that holds its routers and the engine, and reserves that", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 29 }),
        fc.integer({ min: 64, max: 125 }),
        fc.integer({ min: 1, max: 3 }),
        (length, length6, agencies) => {
          fc.pre(128 - length6 >= 32 - length);
          const lock = {
            "transit/access-pop0": `10.112.16.0/${length} fd12:3456:789a:700::/${length6}`,
          };
          const { plan } = planned(0, lock, agencies);
          const { prefix: own, engineAddress } = plan.segments.find(
            ({ name }) => name === "access-pop0",
          )!;
          const on = plan.allocations.filter(({ key }) => key.startsWith("transit/access-pop0/"));
          expect(on.length).toBe(agencies + 1);
          for (const family of ["ipv4", "ipv6"] as const) {
            const hosts = on.map(({ at }) => at[family].text);
            expect(engineAddress[family].isIn(own[family])).toBe(true);
            expect(new Set([...hosts, engineAddress[family].text]).size).toBe(agencies + 2);
            const first = own[family].text.split("/")[0]!;
            expect(hosts).not.toContain(first);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

function planned(count: number, lock: Readonly<Record<string, string>> = {}, agencies = 1) {
  const inventory = inventoryOf(count, lock, agencies);
  const { plan, findings } = makePlan(inventory);
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return { inventory, plan };
}

function ids(count: number, lock: Readonly<Record<string, string>>): readonly string[] {
  return makePlan(inventoryOf(count, lock, 1)).findings.map(({ id }) => id);
}

function inventoryOf(count: number, lock: Readonly<Record<string, string>>, agencies: number) {
  const lans = Array.from({ length: agencies }, () => ({ length: 24, pop: 0 }));
  const inventory = buildInventory(
    { pops: 1, lans, vps: [] },
    lockOf(new Map(Object.entries(lock))),
  );
  const links = Array.from({ length: count }, (_, index) => ({
    name: `menara-${index}`,
    between: ENDS,
    medium: "radio" as const,
  }));
  return { ...inventory, wan: { ...inventory.wan, links } };
}

function prefix(text: string): Prefix {
  const parsed = Prefix.parse(text);
  if (parsed instanceof Prefix) return parsed;
  throw new Error(parsed.what);
}
