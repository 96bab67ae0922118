import { describe, expect, it } from "vitest";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import type { Inventory, Vps } from "../../modules/inventory/model.ts";
import { certain } from "../../modules/inventory/schema/values.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { lifeFindings } from "../../modules/plan/vps-life-findings.ts";
import { lifeOf } from "../../modules/plan/vps-state.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const date = (text: string): CalendarDate => certain(CalendarDate.parse(text));
const EXPIRES = date("2027-12-31");

/** One VPS that stands since long. */
function standing(more: Partial<Vps> = {}): Inventory {
  const inventory = buildInventory({ pops: 1, lans: [{ length: 26, pop: 0 }], vps: [0] });
  const lock = lockOf(lockEntries(makePlan(inventory).plan!));
  return { ...inventory, lock, vps: inventory.vps.map((vps) => ({ ...vps, ...more })) };
}
const proof = { snapshot: "4f2a9c1e", date: date("2027-12-30"), sha256: "0".repeat(64) };
const lives = (inventory: Inventory, day: string): readonly string[] =>
  inventory.vps.map((vps) => lifeOf(inventory, vps, date(day)));

describe("the life of a VPS", () => {
  it("begins as a request, until the lock knows it", () => {
    expect(lives({ ...standing(), lock: lockOf(new Map()) }, "2026-11-23")).toEqual(["requested"]);
    expect(lives(standing(), "2026-11-23")).toEqual(["active"]);
  });

  it.each([
    [61, "active", undefined, undefined],
    [60, "expiring", "vps-expiring", "info"],
    [15, "expiring", "vps-expiring", "info"],
    [14, "expiring", "vps-expiring", "warning"],
    [3, "expiring", "vps-expiring", "warning"],
    [0, "expiring", "vps-expiring", "warning"],
    [-1, "expired", "vps-expired", "warning"],
  ])("%i days before it expires is %s", (days, life, id, severity) => {
    const day = EXPIRES.plusDays(-days);
    const inventory = standing();
    expect(lives(inventory, day.text)).toEqual([life]);
    const [finding] = lifeFindings(inventory, day);
    expect([finding?.id, finding?.severity]).toEqual([id, severity]);
  });

  it("says the days that are left", () => {
    const said = (day: string): string => lifeFindings(standing(), date(day))[0]!.what;
    expect(said("2027-12-30")).toBe("vps-0 of agency-0 expires in 1 day (2027-12-31)");
    expect(said("2027-12-31")).toBe("vps-0 of agency-0 expires today (2027-12-31)");
    expect(said("2028-01-10")).toBe("vps-0 expired 10 days ago (2027-12-31), and still runs");
  });

  it("does not end by a date: the plan is the same on every day, and it runs until its file says otherwise", () => {
    const { plan } = makePlan(standing({ expires: date("2020-01-01") }));
    expect(plan!.vps.map(({ running }) => running)).toEqual([true]);
    const stopped = makePlan(standing({ state: "suspended" })).plan!;
    expect(stopped.vps.map(({ running }) => running)).toEqual([false]);
    expect(stopped.allocations).toEqual(plan!.allocations);
  });

  it("keeps what is archived, stopped and with its addresses, until the final backup is filed", () => {
    const keys = (inventory: Inventory): readonly string[] =>
      makePlan(inventory).plan!.allocations.map(({ key }) => key);
    const waiting = standing({ state: "archived" });
    expect(makePlan(waiting).plan!.vps).toMatchObject([{ name: "vps-0", running: false }]);
    expect(keys(waiting)).toContain("service/vps-0");
    for (const end of [{ finalBackup: proof }, { withoutBackup: "moved" }]) {
      const gone = standing({ state: "archived", ...end });
      expect(makePlan(gone).plan!.vps).toEqual([]);
      expect(keys(gone)).not.toContain("service/vps-0");
    }
  });

  it("takes no proof from the future", () => {
    const archived = standing({ state: "archived", finalBackup: proof });
    const ids = (day: string): readonly string[] =>
      lifeFindings(archived, date(day)).map(({ id }) => id);
    expect(ids("2027-12-29")).toEqual(["proof-in-future"]);
    expect(ids("2027-12-30")).toEqual([]);
  });

  it("refuses a request for a time that is over, and not a server that stands", () => {
    const late = date("2028-01-10");
    const requested = { ...standing(), lock: lockOf(new Map()) };
    expect(lifeFindings(requested, late)).toMatchObject([
      { id: "expires-in-past", severity: "error" },
    ]);
  });
});
