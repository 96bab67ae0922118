import { describe, expect, it } from "vitest";

import type { Inventory, RouterSite } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { nftablesRuleset } from "../../modules/render/nftables.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";

const SHAPE = { pops: 2, lans: [0, 1, 0].map((pop) => ({ length: 24, pop })), vps: [0] };

describe("management addresses", () => {
  const plan = planOf(buildInventory(SHAPE));

  it("are one for each router, inside its POP's share of the pool", () => {
    const all = plan.routers.map(({ management }) => management.ipv4.text);
    expect(new Set(all).size).toBe(plan.routers.length);
    const share = plan.allocations.find(({ key }) => key === "aggregate/pop0/management")!;
    const [agency] = plan.routers.filter(({ name }) => name === "agency-0");
    expect(
      `${agency!.management.ipv4}`.startsWith(`${share.at.ipv4}`.split(".", 3).join(".")),
    ).toBe(true);
  });

  it("stand apart from the stations' segment, which no share overlaps", () => {
    const { stations } = plan.management;
    for (const { management } of plan.routers)
      expect(management.ipv4.isIn(stations.ipv4)).toBe(false);
    const shares = plan.allocations.filter(
      ({ kind, name, owner }) =>
        kind === "aggregate" && name === "management" && owner !== "stations",
    );
    expect(shares).toHaveLength(3);
    for (const { at } of shares)
      expect(stations.ipv4.overlaps(at.ipv4 as typeof stations.ipv4)).toBe(false);
  });

  it("come as additions: what a lock without them has does not move", () => {
    const before = [...lockEntries(plan)].filter(([key]) => !key.includes("management"));
    const after = lockEntries(planOf(buildInventory(SHAPE, lockOf(new Map(before)))));
    for (const [key, value] of before) expect(after.get(key), key).toBe(value);
  });

  it("are reached through every packet filter from the stations only", () => {
    const { stations, pool } = plan.management;
    for (const router of plan.routers) {
      const text = nftablesRuleset(router, plan.block);
      expect(text).toContain(`${stations.ipv4.text}\n`);
      expect(text).toContain(`${pool.ipv6.text}\n`);
      expect(text).toContain(
        "ip daddr @management4 ip saddr != @stations4 counter name management_refused drop",
      );
    }
  });

  it("are no way in from a segment that does not lead to the stations", () => {
    const pop = plan.routers.find(({ name }) => name === "pop-pop0")!;
    // Backbone is its first segment, agencies stand on its second.
    expect(nftablesRuleset(pop, plan.block)).toContain(
      "ip daddr @management4 meta iifgroup != { 1 } counter",
    );
  });
});

describe("the address of an external router", () => {
  it.each(["10.113.16.9", "fd12:3456:789a:2000::9"])(
    "is its management address when it lies in that pool: %s",
    (address) => {
      const { plan, findings } = makePlan(withDevice(address));
      const router = plan!.routers.find(({ name }) => name === "agency-1")!;
      expect(router.management.ipv4.text).toBe("10.113.16.9");
      expect(router.management.ipv6.text).toBe("fd12:3456:789a:2000::9");
      expect(plan!.allocations.find(({ key }) => key === "management/agency-1")!.at.ipv4.text).toBe(
        "10.113.16.9",
      );
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    },
  );

  it("is announced by itself where it lies outside its POP's share", () => {
    const plan = planOf(withDevice("10.113.16.9"));
    const pop = plan.routers.find(({ name }) => name === "pop-pop1")!;
    const core = plan.routers.find(({ tier }) => tier === "core")!;
    const peer = core.hubs.flatMap(({ peers }) => peers).find(({ router }) => router === pop.name)!;
    expect(peer.mayAnnounce.ipv4.map(({ text }) => text)).toContain("10.113.16.9/32");
  });

  it("may be any other of its own, and is reached by it", () => {
    const own = planOf(withDevice("10.113.16.9")).routers.find(({ name }) => name === "agency-1")!;
    const { plan, findings } = makePlan(withDevice(own.loopback.ipv4.text));
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    expect(plan!.routers.find(({ name }) => name === "agency-1")!.device).toMatchObject({
      planned: true,
    });
  });

  it("is taken with a warning that says what is expected, when it is nobody's", () => {
    const { plan, findings } = makePlan(withDevice("10.68.0.9"));
    const { management } = plan!.routers.find(({ name }) => name === "agency-1")!;
    const [warning] = findings.filter(({ severity }) => severity === "warning");
    expect(warning).toMatchObject({ id: "router-address-unplanned" });
    expect(warning!.fix).toContain(`address: ${management.ipv4.text}`);
  });

  it("is refused when another router has it by the lock, or the stations", () => {
    const plan = planOf(buildInventory(SHAPE));
    const other = plan.routers.find(({ name }) => name === "agency-0")!.management.ipv4.text;
    const lockWithout = (key: string) =>
      lockOf(new Map([...lockEntries(plan)].filter(([each]) => each !== key)));
    const ids = (address: string): readonly string[] =>
      makePlan({ ...withDevice(address), lock: lockWithout("management/agency-1") })
        .findings.filter(({ severity }) => severity === "error")
        .map(({ id }) => id);
    expect(ids(other)).toEqual(["address-taken"]);
    const station = plan.management.stations.ipv4;
    expect(
      ids(station.text.replace(/\d+\/\d+$/, (end) => `${Number(end.split("/")[0]) + 5}`)),
    ).toEqual(["address-taken"]);
  });
});

function withDevice(address: string): Inventory {
  const inventory = buildInventory(SHAPE);
  const router: RouterSite = { at: "pop1", kind: "external", address, platform: "routeros" };
  return {
    ...inventory,
    perangkatDaerah: inventory.perangkatDaerah.map((agency) =>
      agency.name === "agency-1" ? { ...agency, router } : agency,
    ),
  };
}

function planOf(inventory: Inventory): KabupatenPlan {
  const { plan, findings } = makePlan(inventory);
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}
