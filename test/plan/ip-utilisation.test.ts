import { describe, expect, it } from "vitest";

import { utilisation } from "../../modules/plan/ip-utilisation.ts";
import { utilisationTable } from "../../modules/plan/ip-utilisation-text.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory, type Shape } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const SHAPE: Shape = {
  pops: 2,
  lans: [
    { length: 24, pop: 0 },
    { length: 26, pop: 0 },
    { length: 25, pop: 1 },
  ],
  vps: [0, 0],
};

describe("utilisation", () => {
  it("counts LANs in each POP's share, and shares in the pool", () => {
    const inventory = buildInventory(SHAPE);
    const uses = utilisation(inventory, makePlan(inventory).plan!, "perangkat-daerah");
    expect(
      uses.map(({ share, unit, used, free, percent }) => [share, unit, used, free, percent]),
    ).toEqual([
      [undefined, "address", 2 * 4096, 62 * 4096, 3.1],
      [undefined, "/64", 512, 16_384 - 512, 3.1],
      ["pop0", "address", 256 + 64, 4096 - 320, 7.8],
      ["pop0", "/64", 2, 254, 0.8],
      ["pop1", "address", 128, 4096 - 128, 3.1],
      ["pop1", "/64", 1, 255, 0.4],
    ]);
  });

  it("counts single addresses one by one in both families, and names the largest free prefix", () => {
    const inventory = buildInventory(SHAPE);
    const uses = utilisation(inventory, makePlan(inventory).plan!, "service");
    // Two VPS, the three name servers, the edge and the backup server.
    expect(uses.map(({ used, free }) => [used, free])).toEqual([
      [7, 32_761],
      [7, 32_761],
    ]);
    for (const { largestFree } of uses) expect(largestFree).toMatch(/\/(18|114|19|115|20|116)$/);
  });

  it("counts what only the lock still knows", () => {
    const before = lockOf(lockEntries(makePlan(buildInventory(SHAPE)).plan!));
    const inventory = buildInventory({ ...SHAPE, lans: SHAPE.lans.slice(0, 2) }, before);
    const uses = utilisation(inventory, makePlan(inventory).plan!, "perangkat-daerah");
    expect(uses.filter(({ share }) => share === "pop1").map(({ used }) => used)).toEqual([128, 1]);
  });

  it("says that nothing is free, in words", () => {
    const lans = Array.from({ length: 16 }, () => ({ length: 24, pop: 0 }));
    const inventory = buildInventory({ pops: 1, lans, vps: [] });
    const uses = utilisation(inventory, makePlan(inventory).plan!, "perangkat-daerah");
    const spaces = uses.map((use) => ({ ...use, forecast: { unknown: "no history" } }));
    expect(utilisationTable(spaces, true)).toMatch(/pop0 +10\.\S+\/20 +4096 +0 +100\.0 % +none$/m);
  });
});
