import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import { turnLock } from "../../modules/inventory/lock-freed.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory, type Shape } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const TODAY = CalendarDate.parse("2026-11-23") as CalendarDate;
const lan = (length: number) => ({ length, pop: 0 });

describe("lines that rest", () => {
  it("are given to nobody else, and back to whom they were", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (stay, leave) => {
        const small = shape(stay);
        const before = lockEntries(planned(shape(stay + leave)));
        const { entries, freed } = turnLock(before, lockEntries(planned(small, before)), TODAY);
        expect(freed.length).toBeGreaterThan(4 * leave);
        expect([...entries.keys()].filter((key) => key.startsWith("freed/")).length).toBe(
          freed.length,
        );
        // Others come: none of them is given what rests.
        const rests = new Set(
          [...entries].filter(([key]) => key.startsWith("freed/")).map(([, v]) => v),
        );
        const others = lockEntries(planned({ ...small, pops: 2, lans: [...small.lans] }, entries));
        for (const [key, value] of others) expect(rests.has(value), key).toBe(false);
        // They come back, and have what they had.
        expect(lockEntries(planned(shape(stay + leave), entries))).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });
});

function shape(agencies: number): Shape {
  const each = Array.from({ length: agencies }, (_, index) => index);
  return { pops: 1, lans: each.map(() => lan(26)), vps: each };
}

function planned(wanted: Shape, lock: ReadonlyMap<string, string> = new Map()): KabupatenPlan {
  const { plan, findings } = makePlan(buildInventory(wanted, lockOf(lock)));
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}
