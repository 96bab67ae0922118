import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ByteSize } from "../../modules/core/byte-size.ts";
import type { Inventory, QuotaLimits, Vps } from "../../modules/inventory/model.ts";
import type { Capacity } from "../../modules/inventory/site-model.ts";
import { certain } from "../../modules/inventory/schema/values.ts";
import { dutiesOf } from "../../modules/inventory/regulations.ts";
import { checkCapacity, siteUses } from "../../modules/plan/capacity.ts";
import { agencyUses, checkQuota } from "../../modules/plan/quota.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const size = (text: string): ByteSize => certain(ByteSize.parse(text));
const capacity = (more: Partial<Capacity> = {}): Capacity => ({
  cpu: 4,
  memory: size("4GiB"),
  disk: size("40GiB"),
  headroom: 0,
  overcommit: { cpu: 1, memory: 1, disk: 1 },
  ...more,
});

/** Three VPS of one agency and one of another, each of 1 cpu, 512MiB and 1GiB unless changed. */
function inventoryWith(
  pusatData: Capacity,
  change: Readonly<Record<string, Partial<Vps>>> = {},
  drc: Capacity = capacity(),
): Inventory {
  const inventory = buildInventory({ pops: 1, lans: LANS, vps: [0, 0, 0, 1] });
  const location = { lat: -7, lon: 110 };
  const places = (name: string) => ({
    file: `vps/${name}.yaml`,
    at: (...path: readonly (string | number)[]) => ({
      file: `vps/${name}.yaml#${path.join(".")}`,
      line: 1,
      column: 1,
    }),
  });
  return {
    ...inventory,
    kabupaten: {
      ...inventory.kabupaten,
      sites: new Map([
        [
          "pusat-data",
          { name: "pusat-data", engine: "local", location, capacity: pusatData, risks: [] },
        ],
        ["drc", { name: "drc", engine: "local", location, capacity: drc, risks: [] }],
      ]),
    },
    vps: inventory.vps.map((vps) => ({
      ...vps,
      origin: places(vps.name),
      ...change[vps.name],
    })),
  };
}
const LANS = [
  { length: 26, pop: 0 },
  { length: 26, pop: 0 },
];

/** MiB: 1 GiB and what 34 snapshots of it change, and room for manifests at the Pusat Data. */
const REPOSITORY = 1721;
const SPOOL = 85;
const backups = (count: number): number => count * (REPOSITORY + SPOOL);

const refusedAt = (inventory: Inventory, changed?: ReadonlySet<string>): readonly string[] =>
  checkCapacity(inventory, changed).map(({ at }) => at!.file);

describe("the capacity of a site", () => {
  it("is promised to as many as it has room for", () => {
    expect(refusedAt(inventoryWith(capacity()))).toEqual([]);
    expect(refusedAt(inventoryWith(capacity({ cpu: 3 })))).toEqual(["vps/vps-3.yaml#cpu"]);
  });

  it("keeps its headroom free, and is overcommitted only where it says so", () => {
    expect(refusedAt(inventoryWith(capacity({ headroom: 20 })))).toEqual(["vps/vps-3.yaml#cpu"]);
    const overcommit = { cpu: 1.5, memory: 1, disk: 1 };
    expect(refusedAt(inventoryWith(capacity({ headroom: 20, overcommit })))).toEqual([]);
  });

  it("says the numbers, and cites no regulation where there is none", () => {
    const [finding] = checkCapacity(inventoryWith(capacity({ headroom: 20 })));
    expect(finding!.what).toBe(
      "vps-3 asks pusat-data for 1 of cpu: 3 are promised (it has 4, less 20% headroom), 3 of it to others, none left",
    );
    expect(finding!.why).not.toMatch(/Perbup/);
  });

  it.each([
    ["perbup-temanggung-83-2021", "Perbup Temanggung 83/2021 pasal 14(8)"],
    ["perbup-manggarai-52-2021", "Perbup Manggarai 52/2021 pasal 8(3)"],
    ["perbup-banjar-85-2019", "Perbup Banjar 85/2019 pasal 7(3)"],
  ])("cites the kabupaten's own regulation: %s", async (regulation, cited) => {
    const duties = await dutiesOf("no-such-folder", regulation);
    const [finding] = checkCapacity({ ...inventoryWith(capacity({ cpu: 3 })), duties });
    expect(finding!.why).toContain(cited);
  });

  it("refuses who is new before who is in the lock, and who is changed before who is not", () => {
    const full = inventoryWith(capacity({ cpu: 3 }));
    const stood = inventoryWith(capacity());
    const pinned = lockEntries(makePlan(stood).plan!);
    const without = new Map([...pinned].filter(([key]) => !key.endsWith("/vps-0")));
    expect(refusedAt({ ...full, lock: lockOf(without) })).toEqual(["vps/vps-0.yaml#cpu"]);
    const all = { ...full, lock: lockOf(pinned) };
    expect(refusedAt(all)).toEqual(["vps/vps-3.yaml#cpu"]);
    expect(refusedAt(all, new Set(["vps-1"]))).toEqual(["vps/vps-1.yaml#cpu"]);
  });

  it("gives what is refused to those after it", () => {
    const large = { "vps-0": { cpu: 3 }, "vps-1": { cpu: 3 } };
    expect(refusedAt(inventoryWith(capacity({ cpu: 5 }), large))).toEqual(["vps/vps-1.yaml#cpu"]);
  });

  it("counts the disk alone of those that are stopped, and nothing of those that left", () => {
    const stopped = { "vps-0": { state: "suspended" }, "vps-1": { state: "archived" } } as const;
    const [use] = siteUses(inventoryWith(capacity(), stopped));
    expect(use!.asked).toEqual({ cpu: 2, memory: 1024, disk: 4096 + backups(4) });
    const gone = { "vps-1": { state: "archived", withoutBackup: "moved" } } as const;
    const [after] = siteUses(inventoryWith(capacity(), gone));
    expect(after!.asked).toEqual({ cpu: 3, memory: 1536, disk: 3072 + backups(3) });
  });

  it("counts warm standbys whole at the DRC, and cold ones by their data", () => {
    const standbys = { "vps-0": { drc: "warm" }, "vps-1": { drc: "cold" } } as const;
    const uses = siteUses(inventoryWith(capacity(), standbys));
    expect(uses.find(({ site }) => site === "drc")!.asked).toEqual({
      cpu: 1,
      memory: 512,
      disk: 2048,
    });
    const small = capacity({ memory: size("256MiB"), disk: size("2GiB") });
    expect(refusedAt(inventoryWith(capacity(), standbys, small))).toEqual(["vps/vps-0.yaml#drc"]);
  });

  it("is never exceeded by those that are not refused, in whatever order they stand", () => {
    const cpus = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(cpus, fc.integer({ min: 1, max: 20 }), (quarters, cpu) => {
        const change = Object.fromEntries(
          quarters.map((count, index) => [`vps-${index}`, { cpu: count / 4 }]),
        );
        const inventory = inventoryWith(capacity({ cpu }), change);
        const refused = new Set(refusedAt(inventory));
        const kept = inventory.vps.filter(({ name }) => !refused.has(`vps/${name}.yaml#cpu`));
        expect(kept.reduce((sum, vps) => sum + vps.cpu, 0)).toBeLessThanOrEqual(cpu);
        const mirrored = { ...inventory, vps: inventory.vps.toReversed() };
        expect(new Set(refusedAt(mirrored)).size > 0).toBe(refused.size > 0);
      }),
    );
  });
});

describe("the quota of an agency", () => {
  const withQuota = (
    each: QuotaLimits,
    agencies: Readonly<Record<string, QuotaLimits>> = {},
  ): Inventory => {
    const inventory = inventoryWith(capacity());
    const quota = { each, agencies: new Map(Object.entries(agencies)) };
    return { ...inventory, kabupaten: { ...inventory.kabupaten, quota } };
  };
  const refused = (inventory: Inventory): readonly string[] =>
    checkQuota(inventory).map(({ at }) => at!.file);

  it("limits nothing where nothing is written", () => {
    expect(refused(withQuota({}))).toEqual([]);
  });

  it("counts servers and sizes of one agency only", () => {
    expect(refused(withQuota({ vps: 2 }))).toEqual(["vps/vps-2.yaml#owner"]);
    expect(refused(withQuota({ cpu: 2, memory: size("1GiB") }))).toEqual([
      "vps/vps-2.yaml#cpu",
      "vps/vps-2.yaml#memory",
    ]);
  });

  it("is an agency's own where it has one, field by field", () => {
    const inventory = withQuota({ cpu: 2, vps: 1 }, { "agency-0": { vps: 9 } });
    expect(refused(inventory)).toEqual(["vps/vps-2.yaml#cpu"]);
    expect(agencyUses(inventory)).toMatchObject([
      { agency: "agency-0", asked: { cpu: 3, vps: 3 }, left: { cpu: -1, vps: 6 } },
      { agency: "agency-1", asked: { cpu: 1, vps: 1 }, left: { cpu: 1, vps: 0 } },
    ]);
  });

  it("says the numbers", () => {
    expect(checkQuota(withQuota({ memory: size("1GiB") }))[0]!.what).toBe(
      "vps-2 asks for 512MiB of memory: the quota of agency-0 is 1GiB, its other servers have 1GiB, none left",
    );
  });
});
