import { describe, expect, it } from "vitest";

import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { repairLock } from "../../modules/plan/lock-repair.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const lan = (length: number) => ({ length, pop: 0 });
const SHAPE = { pops: 1, lans: [lan(25), lan(25)], vps: [0, 1] };
const MAIN = lockEntries(makePlan(buildInventory(SHAPE)).plan!);

describe("repairLock", () => {
  it("leaves a lock alone in which nothing contradicts", () => {
    expect(repaired(MAIN, new Map()).gaveWay).toEqual([]);
  });

  it("takes what a branch says away where main has it", () => {
    const main = new Map([...MAIN].filter(([key]) => !/agency-1|vps-1/.test(key)));
    const stolen = { ...Object.fromEntries(MAIN), "tenant/agency-1": main.get("tenant/agency-0")! };
    const { gaveWay, lock } = repaired(new Map(Object.entries(stolen)), main);
    // Its own place is free: the hosts that stand on it fit again.
    expect(gaveWay).toEqual(["tenant/agency-1"]);
    for (const [key, value] of main)
      expect([key, lock.entries.get(key)?.value]).toEqual([key, value]);
    const { plan } = makePlan({ ...buildInventory(SHAPE), lock });
    expect(plan).toBeDefined();
  });

  it("gives a line that the branch changed back to main, rather than moving it elsewhere", () => {
    const grown = new Map(MAIN).set("lan/agency-0", MAIN.get("lan/agency-1")!);
    const { gaveWay, lock } = repaired(grown, MAIN);
    expect(gaveWay).toEqual(["lan/agency-0"]);
    expect(lock.entries.get("lan/agency-0")?.value).toBe(MAIN.get("lan/agency-0"));
  });

  it("never touches a line of main, even a wrong one", () => {
    const wrong = new Map(MAIN).set("lan/agency-0", MAIN.get("lan/agency-1")!);
    expect(repaired(wrong, wrong).gaveWay).toEqual([]);
  });
});

function repaired(lines: ReadonlyMap<string, string>, kept: ReadonlyMap<string, string>) {
  return repairLock(buildInventory(SHAPE, lockOf(lines)), kept);
}
