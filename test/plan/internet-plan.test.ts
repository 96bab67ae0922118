import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Inventory } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { birdConfig } from "../../modules/render/bird.ts";
import { nftablesRuleset } from "../../modules/render/nftables.ts";
import { buildInventory } from "./inventory-builder.ts";
import { online, rate } from "./online.ts";
import { widened } from "./wide-wan.ts";

const shape = {
  pops: 2,
  lans: Array.from({ length: 3 }, () => ({ length: 24, pop: 0 })),
  vps: [0],
};

describe("a plan with a way to the internet", () => {
  const before = planned(buildInventory(shape));
  const plan = planned(online(buildInventory(shape)));
  const exit = plan.routers.find(({ tier }) => tier === "exit")!;

  it("has one exit, in a stack of its own that the rest does not need", () => {
    expect(plan.routers.filter((router) => router.exit)).toEqual([exit]);
    expect(exit).toMatchObject({ name: "internet-exit", stack: "internet", role: "router" });
    expect(plan.stacks.find(({ name }) => name === "internet")?.needs).toEqual(["backbone"]);
    expect(plan.stacks.filter(({ needs }) => needs.includes("internet"))).toEqual([]);
    expect(plan.outer).toMatchObject({ name: "internet", stack: "internet" });
  });

  it("moves nothing that was there", () => {
    const after = new Map(
      plan.allocations.map((one) => [one.key, `${one.at.ipv4} ${one.at.ipv6}`]),
    );
    for (const { key, at } of before.allocations)
      expect([key, after.get(key)]).toEqual([key, `${at.ipv4} ${at.ipv6}`]);
    for (const [key, asn] of before.asns) expect(plan.asns.get(key)).toBe(asn);
  });

  it("lets the core alone believe the exit, and no tenant's gateway forward outside the block", () => {
    const believers = plan.routers.filter(({ hubs }) =>
      hubs.some(({ peers }) => peers.some(({ mayLeadOut }) => mayLeadOut !== undefined)),
    );
    expect(believers.map(({ tier }) => tier)).toEqual(["core"]);
    const closed = plan.routers.filter(({ firewall }) => firewall.beyond === "nothing");
    expect(closed.map(({ name }) => name)).toEqual(["agency-0", "backup", "management"]);
    expect(closed.map(({ tier }) => tier)).toEqual(["gateway", "gateway", "gateway"]);
  });

  it("lets out agencies that may and resolvers' questions, no server and no router", () => {
    const inventory = online(buildInventory(shape));
    const [first, ...others] = inventory.perangkatDaerah;
    const { routers } = planned({
      ...inventory,
      perangkatDaerah: [{ ...first!, internet: "none" }, ...others],
    });
    const { clients, openings, classes } = routers.find((router) => router.exit)!.exit!;
    const lanOf = (name: string) => routers.find((one) => one.name === name && one.lan)!.lan!;
    expect(clients.ipv4.map(({ text }) => text)).toEqual(
      others.map(({ name }) => lanOf(name).ipv4.text),
    );
    expect(classes.map(({ name }) => name)).toEqual(["control", "common", "agency-1", "agency-2"]);
    expect(openings.map(({ protocol, port }) => [protocol, port])).toEqual([
      ["udp", 53],
      ["tcp", 53],
    ]);
  });

  it("is known beyond the site with the exit: a core passes it on to others, and no POP or gateway does", () => {
    const { routers, block } = planned(widened(online(buildInventory(shape))));
    const hears = (name: string): readonly string[] =>
      routers
        .find((router) => router.name === name)!
        .hubs.flatMap(({ peers, beside }) => [...peers, ...beside])
        .filter(({ mayLeadOut }) => mayLeadOut !== undefined)
        .map(({ router }) => router);
    expect(hears("core-pusat-data-2")).toContain("internet-exit");
    expect(new Set(hears("core-drc"))).toEqual(new Set(["core-pusat-data", "core-pusat-data-2"]));
    expect(hears("pop-pop0")).toEqual([]);
    const drc = routers.find(({ name }) => name === "core-drc")!;
    expect(birdConfig(drc, block).match(/0\.0\.0\.0\/0 \]/g)).toHaveLength(4);
    const own = routers.find(({ name }) => name === "core-pusat-data")!;
    expect(nftablesRuleset(drc, block)).toContain("ip saddr != @special4 goto verdict");
    expect(nftablesRuleset(own, block)).toContain(
      "ip saddr != @special4 fib saddr . iif oif exists goto verdict",
    );
    expect(
      nftablesRuleset(planned(widened(buildInventory(shape))).routers[0]!, block),
    ).not.toContain("special4");
  });

  it("is without any of it where the engine of the Pusat Data has none", () => {
    expect(before.outer).toBeUndefined();
    expect(before.stacks.map(({ name }) => name)).not.toContain("internet");
    for (const { internet, firewall } of before.routers)
      expect([internet, firewall.beyond]).toEqual([[], "nothing"]);
  });

  it("leads out in the families that the provider has", () => {
    const { routers, outer } = planned(online(buildInventory(shape), { ipv6: false }));
    expect(new Set(routers.flatMap(({ internet }) => internet))).toEqual(new Set(["ipv4"]));
    expect(outer?.ipv6).toBeUndefined();
  });

  it.each([
    ["203.0.113.10/29", "203.0.113.9", "203.0.113.14"],
    ["203.0.113.14/29", "203.0.113.13", "203.0.113.12"],
    ["203.0.113.2/30", "203.0.113.1", "203.0.113.1"],
  ])("on %s behind %s calls %s the engine's own", (own, gateway, spare) => {
    const { outer } = planned(online(buildInventory(shape), { own, gateway }));
    expect(outer?.ipv4.engineAddress.text).toBe(spare);
  });

  it("never guarantees more than the line has, nor anybody more than they may use", () => {
    const bandwidths = fc.array(fc.integer({ min: 1, max: 2_000 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(bandwidths, fc.integer({ min: 10, max: 10_000 }), (agencies, line) => {
        const lans = agencies.map(() => ({ length: 28, pop: 0 }));
        const inventory = online(buildInventory({ pops: 1, lans, vps: [] }), { line });
        const { routers } = planned({
          ...inventory,
          perangkatDaerah: inventory.perangkatDaerah.map((agency, at) => ({
            ...agency,
            bandwidth: rate(agencies[at]!),
          })),
        });
        const { classes, bandwidth } = routers.find((router) => router.exit)!.exit!;
        const guaranteed = classes.reduce((sum, one) => sum + one.guaranteed, 0);
        expect(guaranteed).toBeLessThanOrEqual(bandwidth + classes.length * 8_000);
        for (const { name, number, guaranteed: least, most } of classes) {
          expect([name, least > 0 && least <= most && most <= bandwidth]).toEqual([name, true]);
          expect(number).toBeLessThan(65_536);
        }
        expect(new Set(classes.map(({ number }) => number)).size).toBe(classes.length);
      }),
      { numRuns: 30 },
    );
  });
});

function planned(inventory: Inventory): KabupatenPlan {
  const { plan, findings } = makePlan(inventory);
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}
