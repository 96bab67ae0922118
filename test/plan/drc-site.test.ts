import { describe, expect, it } from "vitest";

import { ByteSize } from "../../modules/core/byte-size.ts";
import { Fault } from "../../modules/core/fault.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import type { ServerRoute } from "../../modules/plan/router-plan.ts";
import { buildInventory } from "./inventory-builder.ts";

const LANS = [
  { length: 26, pop: 0 },
  { length: 26, pop: 0 },
];

const CAPACITY = {
  cpu: 64,
  memory: certain(ByteSize.parse("64GiB")),
  disk: certain(ByteSize.parse("1TiB")),
  headroom: 0,
  overcommit: { cpu: 1, memory: 1, disk: 1 },
};

/** Two agencies with a VPS each, of which the first is warm, and a core router at the DRC where it is said so. */
function inventoryWith(sites: "both" | "one"): Inventory {
  const inventory = buildInventory({ pops: 1, lans: LANS, vps: [0, 1] });
  const [first, ...others] = inventory.vps;
  const core = inventory.wan.cores[0]!;
  const drc = { ...core, name: "core-drc", site: "drc" as const };
  const site = (name: "pusat-data" | "drc", lat: number) =>
    [
      name,
      { name, engine: "local", location: { lat, lon: 110 }, capacity: CAPACITY, risks: [] },
    ] as const;
  return {
    ...inventory,
    kabupaten: {
      ...inventory.kabupaten,
      sites: new Map([site("pusat-data", -7), site("drc", -6)]),
    },
    vps: [{ ...first!, drc: "warm" }, ...others.map((vps) => ({ ...vps, drc: "cold" as const }))],
    wan: {
      ...inventory.wan,
      cores: sites === "both" ? [...inventory.wan.cores, drc] : inventory.wan.cores,
    },
  };
}

function certain(size: ByteSize | Fault): ByteSize {
  if (size instanceof Fault) throw new Error(size.what);
  return size;
}

function planOf(sites: "both" | "one"): KabupatenPlan {
  const { plan, findings } = makePlan(inventoryWith(sites));
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}

function announcersOf(
  plan: KabupatenPlan,
  address: string,
): readonly (ServerRoute & { by: string })[] {
  return plan.routers.flatMap(({ name, originates }) =>
    originates.flatMap((route) =>
      route.via === "server" && route.prefix.ipv4.text === `${address}/32`
        ? [{ ...route, by: name }]
        : [],
    ),
  );
}

describe("a DRC that is a site of the network", () => {
  const plan = planOf("both");
  const alone = planOf("one");

  it("is nothing without a core router there", () => {
    expect(alone.drc).toBeUndefined();
    expect(alone.stacks.map(({ name }) => name)).not.toContain("drc");
    expect(alone.routers.filter(({ name }) => name.endsWith("-drc"))).toEqual([]);
  });

  it("has a name server and a resolver, and everybody asks where they asked before", () => {
    expect(plan.dns.secondaries.map(({ name, stack }) => `${name} ${stack}`)).toEqual([
      "ns1 dns",
      "ns2 drc",
    ]);
    expect(plan.dns.asked.ipv4.text).toBe(alone.dns.asked.ipv4.text);
    const announcers = announcersOf(plan, plan.dns.asked.ipv4.text);
    expect(announcers.map(({ by, elsewhere, prepend }) => [by, elsewhere, prepend])).toEqual([
      ["name-service", true, undefined],
      ["name-service-drc", true, undefined],
    ]);
  });

  it("gives each resolver an address of its own to ask from", () => {
    const own = plan.dns.resolvers.map(({ service }) => service.ipv4.text);
    expect(new Set([...own, plan.dns.asked.ipv4.text]).size).toBe(3);
    for (const address of own) expect(announcersOf(plan, address)).toHaveLength(1);
  });

  it("moves no address that was pinned before there was a DRC", () => {
    const before = new Map(
      alone.allocations.map(({ key, at }) => [key, `${at.ipv4.text} ${at.ipv6.text}`]),
    );
    const after = new Map(
      plan.allocations.map(({ key, at }) => [key, `${at.ipv4.text} ${at.ipv6.text}`]),
    );
    for (const key of [
      "service/resolver1",
      "service/edge1",
      ...plan.vps.map(({ name }) => `service/${name}`),
    ])
      expect(after.get(key)).toBe(before.get(key));
  });

  it("has a standby of each warm server alone, as large, on a segment from its own pool", () => {
    const [standby, ...others] = plan.drc!.standbys;
    const server = plan.vps.find(({ name }) => name === standby!.standsFor)!;
    expect(others).toEqual([]);
    expect(standby).toMatchObject({
      name: `${server.name}-drc`,
      stack: "drc",
      hostname: server.hostname,
      service: server.service,
      diskBytes: server.diskBytes,
      authorizedKeys: server.authorizedKeys,
    });
    expect(standby!.address.ipv4.text).not.toBe(server.address.ipv4.text);
    expect(plan.drc!.cold.map(({ name }) => name)).toEqual(
      plan.vps.map(({ name }) => name).filter((name) => name !== server.name),
    );
  });

  it("announces a warm server's address from the Pusat Data, and from the DRC by a switch, which is preferred", () => {
    const [move] = plan.drc!.moves;
    const announcers = announcersOf(plan, move!.prefix.ipv4.text.replace("/32", ""));
    expect(
      announcers.map(({ by, move: { announced } = {}, prepend }) => [by, announced, prepend]),
    ).toEqual([
      [move!.homes["pusat-data"].gateway, true, 2],
      [move!.homes.drc.gateway, false, undefined],
    ]);
    expect(move!.homes.drc.cores).toEqual(["core-drc"]);
  });

  it("lets cores believe either site, and nobody else", () => {
    const [move] = plan.drc!.moves;
    const prefix = move!.prefix.ipv4.text;
    const believed = plan.routers.flatMap(({ name, hubs }) =>
      hubs.flatMap(({ peers }) =>
        peers
          .filter(({ mayAnnounce }) => mayAnnounce.ipv4.some(({ text }) => text === prefix))
          .map((peer) => `${name} ${peer.router}`),
      ),
    );
    expect(believed).toEqual([
      `core-pusat-data ${move!.homes["pusat-data"].gateway}`,
      `core-drc ${move!.homes.drc.gateway}`,
    ]);
  });
});
