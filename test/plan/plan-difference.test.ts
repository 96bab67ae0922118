import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Inventory } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { comparePlans } from "../../modules/plan/plan-difference.ts";
import { buildInventory, type Shape } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const SHAPE: Shape = {
  pops: 2,
  lans: [
    { length: 24, pop: 0 },
    { length: 25, pop: 1 },
  ],
  vps: [1],
};

const planOf = (inventory: Inventory): KabupatenPlan => {
  const { plan, findings } = makePlan(inventory);
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
};

/** The same inventory with everything pinned, as main stands when somebody asks. */
function pinned(shape: Shape): Inventory {
  return buildInventory(shape, lockOf(lockEntries(planOf(buildInventory(shape)))));
}

describe("comparePlans", () => {
  it("finds nothing between a plan and itself, also once it is pinned", () => {
    const plan = planOf(buildInventory(SHAPE));
    expect(lockEntries(plan).size).toBeGreaterThan(10);
    for (const other of [planOf(buildInventory(SHAPE)), planOf(pinned(SHAPE))])
      expect(comparePlans(plan, other)).toEqual({
        appears: [],
        changes: [],
        vanishes: [],
        namesAppear: [],
        namesVanish: [],
        allocated: [],
        moved: [],
        freed: [],
        stacks: [],
      });
  });

  it("is the other way round from the other side", () => {
    const shapes = fc.record({
      pops: fc.constant(2),
      lans: fc.constant(SHAPE.lans),
      vps: fc.array(fc.nat({ max: 1 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(shapes, shapes, (one, other) => {
        const [a, b] = [planOf(buildInventory(one)), planOf(buildInventory(other))];
        const [there, back] = [comparePlans(a, b), comparePlans(b, a)];
        expect(there.appears).toEqual(back.vanishes);
        expect(there.changes).toEqual(back.changes);
        expect(there.namesAppear).toEqual(back.namesVanish);
        expect(there.allocated.map(({ key }) => key)).toEqual(back.freed.map(({ key }) => key));
        expect(there.stacks).toEqual(back.stacks);
      }),
      { numRuns: 40 },
    );
  });

  it("tells the first VPS of an agency with its gateway, its network and what must know of it", () => {
    const before = pinned(SHAPE);
    const after = { ...before, vps: buildInventory({ ...SHAPE, vps: [1, 0] }).vps };
    const difference = comparePlans(planOf(before), planOf(after));
    expect(difference.appears).toEqual([
      { role: "gateway", name: "agency-0", stack: "pusat-data" },
      { role: "network", name: "agency-0", stack: "pusat-data" },
      { role: "vps", name: "vps-1", stack: "pusat-data" },
    ]);
    expect(difference.vanishes).toEqual([]);
    expect(difference.moved).toEqual([]);
    expect(difference.changes.map(({ role, name }) => `${role}/${name}`)).toEqual([
      "gateway/edge",
      "router/core-pusat-data",
    ]);
  });

  it("tells a change of size by the field, and an address that moves", () => {
    const before = pinned(SHAPE);
    const [vps] = before.vps;
    const larger = { ...before, vps: [{ ...vps!, cpu: 2 }] };
    expect(comparePlans(planOf(before), planOf(larger)).changes).toEqual([
      { role: "vps", name: "vps-0", stack: "pusat-data", fields: ["cpu"] },
    ]);
    const entries = [...before.lock.entries].filter(([key]) => key !== "service/vps-0");
    const value = "10.114.128.77 fd12:3456:789a:4000::4d";
    const moved = new Map([
      ...entries,
      ["service/vps-0", { value, at: before.lock.entries.get("service/vps-0")!.at }] as const,
    ]);
    const difference = comparePlans(
      planOf(before),
      planOf({ ...before, lock: { entries: moved } }),
    );
    expect(difference.moved).toMatchObject([{ key: "service/vps-0", to: value }]);
  });
});
