import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { lockEntries, newLockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const SHARES = [
  ["aggregate/pop0/perangkat-daerah", "10.116.0.0/20 fd12:3456:789a:8000::/56"],
  ["aggregate/pop1/perangkat-daerah", "10.116.32.0/20 fd12:3456:789a:8100::/56"],
] as const;
const V6 = (number: number) => `fd12:3456:789a:800${number}::/64`;

describe("a LAN that grows", () => {
  it("takes in the free half beside it, and says that its router moves", () => {
    const { lines, findings } = grow([24], { "lan/agency-0": "10.116.5.128/25" });
    expect(lines).toEqual(["lan/agency-0: 10.116.5.0/24"]);
    expect(findings).toMatchObject([
      { id: "lan-grows", severity: "warning", what: expect.stringContaining("10.116.5.129 to") },
    ]);
  });

  it("needs no new router address where it is the lower half", () => {
    const { lines, findings } = grow([22], { "lan/agency-0": "10.116.4.0/24" });
    expect(lines).toEqual(["lan/agency-0: 10.116.4.0/22"]);
    expect(findings).toMatchObject([{ id: "lan-grows", severity: "info" }]);
  });

  it.each([
    [
      "a neighbour",
      [24, 26],
      { "lan/agency-0": "10.116.5.0/25", "lan/agency-1": "10.116.5.192/26" },
      "would take 10.116.5.192/26 of lan/agency-1",
    ],
    [
      "a thing that is gone",
      [24],
      { "lan/agency-0": "10.116.5.0/25", "lan/old": "10.116.5.128/27" },
      "would take 10.116.5.128/27 of lan/old",
    ],
    [
      "the edge of its POP's share",
      [19],
      { "lan/agency-0": "10.116.8.0/21" },
      "would leave 10.116.0.0/20",
    ],
    [
      "another POP's share",
      [18],
      { "lan/agency-0": "10.116.16.0/20" },
      "would leave 10.116.0.0/20",
    ],
    [
      "the edge of the pool",
      [13],
      { "lan/agency-0": "10.116.64.0/20" },
      "would leave 10.116.0.0/14",
    ],
  ])("is refused where %s is in the way", (_name, lengths, pinned, what) => {
    const { findings, lines } = grow(lengths, pinned);
    expect(lines).toBeUndefined();
    expect(findings).toMatchObject([
      { id: "lan-cannot-grow", severity: "error", what: expect.stringContaining(what) },
    ]);
  });

  it("does not shrink", () => {
    const { findings } = grow([25], { "lan/agency-0": "10.116.5.0/24" });
    expect(findings.map(({ id }) => id)).toEqual(["lan-cannot-shrink"]);
  });

  it("finds its room before a new LAN is placed there, and moves nothing else", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 1, max: 14 }),
        (slot, more) => {
          const pinned = { "lan/agency-0": `10.116.${slot}.0/25` };
          const { lines, plan } = grow([24, ...Array<number>(more).fill(24)], pinned);
          expect(lines).toContain(`lan/agency-0: 10.116.${slot}.0/24`);
          const lans = plan!.allocations.filter(({ kind }) => kind === "lan");
          expect(new Set(lans.map(({ at }) => at.ipv4.text)).size).toBe(more + 1);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is written into the lock, and then says no more", () => {
    const pinned = { "lan/agency-0": "10.116.5.128/25" };
    const { plan } = grow([24], pinned);
    const after = grow([24], lockEntries(plan!));
    expect(after.findings).toEqual([]);
    expect(after.lines).toEqual([]);
  });
});

describe("a POP's share that grows", () => {
  it("takes in what is free beside it, in the lock too, and moves no LAN", () => {
    const { lines, findings } = share(18, { "lan/agency-0": "10.116.5.0/24" });
    expect(findings).toMatchObject([
      {
        id: "share-grows",
        severity: "info",
        what: expect.stringMatching(/10\.116\.64\.0\/20 to 10\.116\.64\.0\/18$/),
      },
    ]);
    expect(lines.get("aggregate/pop0/perangkat-daerah")).toMatch(/^10\.116\.64\.0\/18 /);
    expect(lines.get("lan/agency-0")).toMatch(/^10\.116\.5\.0\/24 /);
  });

  it("grows in both families where they mirror each other", () => {
    const { lines } = share(24, {}, "loopback", "10.113.2.64/26 fd12:3456:789a:1000::240/122");
    expect(lines.get("aggregate/pop0/loopback")).toBe("10.113.2.0/24 fd12:3456:789a:1000::200/120");
  });

  it("is refused where another POP's share stands, or the pool ends", () => {
    for (const [length, would] of [
      [17, "would take 10.116.32.0/20 of aggregate/pop1/perangkat-daerah"],
      [13, "would leave 10.116.0.0/14"],
    ] as const) {
      const { plan, findings } = share(
        length,
        {},
        "perangkat-daerah",
        "10.116.0.0/20 fd12:3456:789a:8200::/56",
      );
      expect(plan).toBeUndefined();
      expect(findings).toMatchObject([
        { id: "share-cannot-grow", severity: "error", what: expect.stringContaining(would) },
      ]);
    }
  });
});

/** A plan in which pop0 asks for a share of this length and is pinned to another, beside pop1. */
function share(
  length: number,
  pinned: Readonly<Record<string, string>>,
  pool: "perangkat-daerah" | "loopback" = "perangkat-daerah",
  value = "10.116.64.0/20 fd12:3456:789a:8200::/56",
) {
  const lans = Object.entries(pinned).map(
    ([key, ipv4], index) => [key, `${ipv4} ${V6(index)}`] as const,
  );
  const lock = lockOf(new Map([[`aggregate/pop0/${pool}`, value], SHARES[1], ...lans]));
  const inventory = buildInventory({ pops: 2, lans: [{ length: 24, pop: 0 }], vps: [] }, lock);
  const pops = inventory.wan.pops.map((pop) =>
    pop.name === "pop0" ? { ...pop, space: new Map([[pool, length] as const]) } : pop,
  );
  const { plan, findings } = makePlan({ ...inventory, wan: { ...inventory.wan, pops } });
  return {
    plan,
    lines: plan === undefined ? new Map<string, string>() : lockEntries(plan),
    findings: findings.filter(({ id }) => id !== "not-in-lock"),
  };
}

/** A plan of agencies at one POP with these LANs, and the lines of LANs that its lock lacks. */
function grow(
  lengths: readonly number[],
  pinned: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
) {
  const lines =
    pinned instanceof Map
      ? [...(pinned as ReadonlyMap<string, string>)]
      : Object.entries(pinned).map(([key, ipv4], index) => [key, `${ipv4} ${V6(index)}`] as const);
  const lock = lockOf(new Map([...SHARES, ...lines]));
  const lans = lengths.map((length) => ({ length, pop: 0 }));
  const { plan, findings } = makePlan(buildInventory({ pops: 2, lans, vps: [] }, lock));
  const isTold = ({ id }: Diagnostic): boolean => id !== "not-in-lock";
  const added = plan && [...newLockEntries(plan, lock)].filter(([key]) => key.startsWith("lan/"));
  return {
    plan,
    findings: findings.filter(isTold),
    lines: added?.map(([key, value]) => `${key}: ${value.split(" ")[0]}`),
  };
}
