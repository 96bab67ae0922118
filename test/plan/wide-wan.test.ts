import { describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { lockOf } from "./lock-of.ts";
import { widened } from "./wide-wan.ts";

const SHAPE = { pops: 2, lans: [{ length: 24, pop: 0 }], vps: [0] };
const plan = planned(widened(buildInventory(SHAPE)));

describe("a WAN with two backbone segments and three cores", () => {
  it("has one segment at each site, and its first host is the first core by name", () => {
    const sites = plan.segments.filter(({ kind }) => kind === "site");
    expect(sites.map(({ name }) => name)).toEqual(["drc", "pusat-data"]);
    const [, { prefix }] = sites as [unknown, (typeof sites)[number]];
    expect(hostOn("core-pusat-data", "pusat-data")).toBe(prefix.ipv4.first + 1n);
    expect(hostOn("core-pusat-data-2", "pusat-data")).toBeGreaterThan(prefix.ipv4.first + 1n);
  });

  it("lets POPs dial every core on both segments, and gateways every core of the Pusat Data", () => {
    expect(dials(router("pop-pop0"))).toEqual([
      "core-drc backbone-a",
      "core-pusat-data backbone-a",
      "core-pusat-data-2 backbone-a",
      "core-drc backbone-b",
      "core-pusat-data backbone-b",
      "core-pusat-data-2 backbone-b",
    ]);
    const gateways = plan.routers.filter(({ role }) => role === "gateway");
    const atDrc = gateways.filter(({ name }) => name.endsWith("-drc"));
    expect(atDrc.map(({ name }) => name).toSorted()).toEqual([
      "backup-drc",
      "edge-drc",
      "name-service-drc",
    ]);
    for (const gateway of atDrc) expect(dials(gateway)).toEqual(["core-drc drc"]);
    expect(gateways).toHaveLength(8);
    for (const gateway of gateways.filter((one) => !atDrc.includes(one)))
      expect(dials(gateway)).toEqual([
        "core-pusat-data pusat-data",
        "core-pusat-data-2 pusat-data",
      ]);
  });

  it("hastens to notice the dead where somebody has another way, and only there", () => {
    const intervals = new Map(
      plan.routers.flatMap(({ uplinks, hubs }) =>
        [...uplinks, ...hubs].map((one) => [one.segment, one.bfdInterval] as const),
      ),
    );
    const kinds = plan.segments.flatMap(({ name, kind }) =>
      intervals.has(name) ? [`${kind} ${intervals.get(name)}`] : [],
    );
    expect([...new Set(kinds)].toSorted()).toEqual([
      "access 1000",
      "backbone 200",
      "site 1000",
      "site 200",
    ]);
  });

  it("joins each pair of cores once on each segment, and one of the two dials", () => {
    const pairs = cores().flatMap(({ name, hubs }) =>
      hubs.flatMap(({ segment, beside }) =>
        beside.map((peer) => ({
          pair: [name, peer.router].toSorted().join(" "),
          segment,
          dialled: peer.dialled,
        })),
      ),
    );
    const keys = new Set(pairs.map(({ pair, segment }) => `${pair} ${segment}`));
    expect(keys.size).toBe(6);
    for (const key of keys) {
      const both = pairs.filter(({ pair, segment }) => `${pair} ${segment}` === key);
      expect(both).toHaveLength(2);
      expect(both.filter(({ dialled }) => dialled)).toHaveLength(1);
    }
    expect(cores().every(({ uplinks }) => uplinks.length === 0)).toBe(true);
  });

  it("lets a core announce to another all that is planned at the core, but for the listener's own", () => {
    const listener = router("core-pusat-data");
    const [hub] = listener.hubs;
    const texts = (prefixes: readonly { readonly text: string }[]): readonly string[] =>
      prefixes.map(({ text }) => text).toSorted();
    const wanted = plan.routers
      .filter(({ name, tier }) => name !== listener.name && tier !== "perangkat-daerah")
      .flatMap(({ originates }) => originates);
    for (const { mayAnnounce } of hub!.beside) {
      // A POP's own loopback lies in its aggregate.
      const heard = new Set(texts(mayAnnounce.ipv4));
      const beyond = wanted
        .map(({ prefix }) => prefix.ipv4)
        .filter((prefix) => !mayAnnounce.ipv4.some((around) => around.contains(prefix)));
      expect(texts(beyond)).toEqual([]);
      for (const { prefix } of listener.originates) expect(heard).not.toContain(prefix.ipv4.text);
      const known = new Set(wanted.map(({ prefix }) => prefix.ipv4.text));
      expect([...heard].filter((text) => !known.has(text))).toEqual([]);
    }
  });

  it("moves nothing of a kabupaten that had one core", () => {
    const narrow = planned(buildInventory(SHAPE));
    const entries = lockEntries(narrow);
    expect(entries.size).toBeGreaterThan(10);
    const wide = planned(widened(buildInventory(SHAPE, lockOf(entries))));
    const after = lockEntries(wide);
    for (const [key, value] of entries) expect([key, after.get(key)]).toEqual([key, value]);
  });
});

function planned(inventory: ReturnType<typeof buildInventory>): KabupatenPlan {
  const made = makePlan(inventory);
  if (made.plan === undefined) throw new Error(JSON.stringify(made.findings));
  return made.plan;
}

function router(name: string): RouterPlan {
  return plan.routers.find((one) => one.name === name && one.role === "router")!;
}

function cores(): readonly RouterPlan[] {
  return plan.routers.filter(({ tier }) => tier === "core");
}

function dials({ uplinks }: RouterPlan): readonly string[] {
  return uplinks.map(({ router: name, segment }) => `${name} ${segment}`);
}

function hostOn(name: string, segment: string): bigint {
  return router(name).interfaces.find((one) => one.segment === segment)!.address.ipv4.value;
}
