import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import type { Lock } from "../../modules/inventory/model.ts";
import { isReservedSlug } from "../../modules/inventory/reserved-slugs.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { ipv6Pool } from "../../modules/plan/ipv6-pools.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory, type Shape } from "./inventory-builder.ts";

const shapes = fc
  .tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.array(fc.tuple(fc.integer({ min: 24, max: 29 }), fc.nat({ max: 60 })), {
      minLength: 1,
      maxLength: 16,
    }),
    fc.array(fc.nat({ max: 200 }), { maxLength: 12 }),
  )
  .map(([pops, lans, vps]): Shape => ({
    pops,
    lans: lans.map(([length, pop]) => ({ length, pop: pop % pops })),
    vps: vps.map((owner) => owner % lans.length),
  }));
const lan = (length: number, pop = 0) => ({ length, pop });

describe("makePlan", () => {
  it("gives no address or prefix of one layer to two owners", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const { allocations } = planned(shape);
        for (const family of ["ipv4", "ipv6"] as const) {
          const each = allocations.map(({ key, at }) => ({ key, at: at[family] }));
          expectApart(each.flatMap(({ key, at }) => (at instanceof Address ? [[key, at]] : [])));
          expectApart(networks(each, (key) => key.startsWith("aggregate/")));
          expectApart(networks(each, (key) => !key.startsWith("aggregate/")));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps every allocation inside its pool and every LAN inside its POP's share", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const inventory = buildInventory(shape);
        const { allocations } = planned(shape);
        const { pools, ipv6 } = inventory.kabupaten.addressing;
        const shares = allocations.filter(({ key }) => key.startsWith("aggregate/"));
        for (const { key, kind, at } of allocations) {
          const stations = key.startsWith("tenant/management");
          const pool = stations ? "management" : (POOL_OF[kind] ?? key.split("/")[2]!);
          expect(covers(pools.get(pool as never)!, at.ipv4), key).toBe(true);
          expect(covers(ipv6Pool(ipv6, pool as never), at.ipv6), key).toBe(true);
          if (kind === "lan")
            expect(shares.some((share) => covers(share.at.ipv4 as Prefix, at.ipv4))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same plan twice", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(lockEntries(planned(shape))).toEqual(lockEntries(planned(shape)));
      }),
      { numRuns: 20 },
    );
  });

  it("moves nothing that is locked when agencies and VPS come", () => {
    fc.assert(
      fc.property(shapes, shapes, (before, added) => {
        const locked = lockEntries(planned(before));
        const after = planned(
          {
            pops: before.pops + added.pops,
            lans: [
              ...before.lans,
              ...added.lans.map(({ length, pop }) => ({ length, pop: before.pops + pop })),
            ],
            vps: [...before.vps, ...added.vps],
          },
          lockOf(locked),
        );
        const entries = lockEntries(after);
        for (const [key, value] of locked) expect([key, entries.get(key)]).toEqual([key, value]);
      }),
      { numRuns: 40 },
    );
  });

  it("lets an agency that moves keep its LAN, announced past the aggregate of its new POP", () => {
    const before = planned({ pops: 2, lans: [lan(24, 1)], vps: [] });
    const after = planned({ pops: 2, lans: [lan(24, 0)], vps: [] }, lockOf(lockEntries(before)));
    const home = (plan: KabupatenPlan) =>
      plan.routers.find(({ name }) => name === "agency-0")!.lan!;
    expect(home(after).ipv4.text).toBe(home(before).ipv4.text);
    const core = after.routers.find(({ tier }) => tier === "core")!;
    const peers = core.hubs.flatMap(({ peers: each }) => each);
    const mayAnnounce = peers.find(({ router }) => router === "pop-pop0")!.mayAnnounce.ipv4;
    expect(mayAnnounce.map(({ text }) => text)).toContain(home(after).ipv4.text);
  });

  it("announces past the aggregate in the one family in which a LAN lies beside it", () => {
    const shape = { pops: 1, lans: [lan(24)], vps: [] };
    const entries = new Map(lockEntries(planned(shape)));
    const key = "lan/agency-0";
    const [ipv4] = entries.get(key)!.split(" ");
    const elsewhere = "fd12:3456:789a:bfff::/64";
    entries.set(key, `${ipv4} ${elsewhere}`);
    const core = planned(shape, lockOf(entries)).routers.find(({ tier }) => tier === "core")!;
    const [pop] = core.hubs
      .flatMap(({ peers }) => peers)
      .filter(({ router }) => router === "pop-pop0");
    expect(pop!.mayAnnounce.ipv6.map(({ text }) => text)).toContain(elsewhere);
    expect(pop!.mayAnnounce.ipv4.map(({ text }) => text)).not.toContain(ipv4);
  });

  it("gives routers private ASNs of the kabupaten's own range, each once", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const asns = [...planned(shape).asns.values()];
        expect(new Set(asns).size).toBe(asns.length);
        for (const asn of asns) {
          expect(asn).toBeGreaterThanOrEqual(4_200_000_000 + 3323 * 9000);
          expect(asn).toBeLessThan(4_200_000_000 + 3324 * 9000);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("lets a gateway open SSH only to its owner's LAN", () => {
    const plan = planned({ pops: 2, lans: [lan(24), lan(24, 1), lan(25)], vps: [0, 1] });
    const gateway = plan.routers.find(
      ({ name, role }) => role === "gateway" && name === "agency-0",
    );
    const home = plan.routers.find(
      ({ name, role }) => role === "router" && name === "agency-0",
    )?.lan;
    const ssh = gateway?.firewall.openings.filter(({ port }) => port === 22);
    expect(gateway?.firewall.forward).toBe("deny");
    expect(gateway?.hubs).toEqual([]);
    expect(ssh?.map(({ from }) => from)).toEqual([{ ipv4: [home?.ipv4], ipv6: [home?.ipv6] }]);
  });

  it("says which space is full and what is free in it", () => {
    const lans = Array.from({ length: 17 }, () => lan(24));
    const { plan, findings } = makePlan(buildInventory({ pops: 1, lans, vps: [] }));
    expect(plan).toBeUndefined();
    expect(findings.map(({ id }) => id)).toEqual(["pool-exhausted"]);
    expect(findings[0]?.what).toMatch(
      /nothing is free in the share of POP pop0 in the pool perangkat-daerah \(\S+\/20\)/,
    );
  });

  it("points at the line of a lock that contradicts the inventory", () => {
    const locked = new Map(lockEntries(planned({ pops: 1, lans: [lan(25)], vps: [] })));
    locked.set("lan/agency-0", "10.120.0.0/25 fd12:3456:789a:8001::/64");
    const inventory = buildInventory({ pops: 1, lans: [lan(25)], vps: [] }, lockOf(locked));
    const { findings } = makePlan(inventory);
    expect(findings.map(({ id, at }) => [id, at?.file])).toEqual([
      ["lock-contradicts-inventory", "lock"],
    ]);
  });

  it("keeps what is pinned for things that are gone, and gives it to nobody", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const pops = shape.pops + 1;
        const more = { ...shape, pops, lans: [...shape.lans, lan(25, shape.pops), lan(24)] };
        const locked = lockEntries(planned(more));
        const { allocations, asns } = planned(shape, lockOf(locked));
        const still = new Set(allocations.map(({ key }) => key));
        const gone = [...locked].filter(([key]) => !still.has(key) && !key.startsWith("asn/"));
        expect(gone.length).toBeGreaterThan(0);
        const given = new Set(allocations.map(({ at }) => `${at.ipv4.text} ${at.ipv6.text}`));
        for (const [key, value] of gone) expect(given.has(value), key).toBe(false);
        const numbers = new Set([...asns.values()].map(String));
        for (const [key, value] of locked)
          if (key.startsWith("asn/") && !asns.has(key.slice(4)))
            expect(numbers.has(value), key).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it("calls no segment, server or share of its own what an agency could be called", () => {
    const { segments, dns, backup, allocations } = planned({ pops: 2, lans: [lan(24)], vps: [0] });
    const own = [
      ...segments
        .filter(({ kind }) => kind !== "backbone" && kind !== "tenant")
        .map(({ name }) => name),
      ...[dns.primary, ...dns.secondaries, ...dns.resolvers, ...backup!.servers].flatMap(
        (server) => [server.name, server.segment],
      ),
      ...allocations
        .filter(({ key }) => /^aggregate\/(core|stations)\//.test(key))
        .map((each) => each.owner),
    ];
    expect(own.length).toBeGreaterThan(8);
    for (const name of own) expect(isReservedSlug(name), name).toBe(true);
  });

  it("lets a POP with more room have 150 agencies, in both families", () => {
    const inventory = buildInventory({ pops: 1, lans: Array(150).fill(lan(29)), vps: [] });
    const [pop] = inventory.wan.pops;
    const space = new Map([
      ["perangkat-daerah", 17],
      ["loopback", 22],
    ] as const);
    const { plan } = makePlan({
      ...inventory,
      wan: { ...inventory.wan, pops: [{ ...pop!, space }] },
    });
    expect(plan?.routers.filter(({ lan: home }) => home !== undefined).length).toBe(150);
  });

  it.each([
    ["the first host, which is its router's", 1n, "neither its router's nor the engine's"],
    ["the last host, which is the engine's", 254n, "neither its router's nor the engine's"],
  ])("refuses an agency that is pinned to %s", (_place, offset, wanted) => {
    const { findings } = withPinned("transit/access-pop0/agency-0", offset);
    expect(findings.map(({ id }) => id)).toEqual(["lock-contradicts-inventory"]);
    expect(findings[0]!.what).toContain(wanted);
  });

  it("refuses a hub that is not the first host of its segment", () => {
    const { findings } = withPinned("transit/access-pop0/pop-pop0", 9n);
    expect(findings[0]!.what).toMatch(/asks for [0-9.]+\.1\/32, its router's/);
  });

  it("refuses a pair of pinned addresses that are not each other's mirror", () => {
    const entries = new Map(lockEntries(planned({ pops: 1, lans: [lan(24)], vps: [0] })));
    const [ipv4] = entries.get("service/vps-0")!.split(" ");
    entries.set("service/vps-0", `${ipv4} fd12:3456:789a:4000::5`);
    const inventory = buildInventory({ pops: 1, lans: [lan(24)], vps: [0] }, lockOf(entries));
    expect(makePlan(inventory).findings[0]!.what).toMatch(/but .* asks for fd12:3456:789a:4000::/);
  });

  it("names both lines that pin one ASN", () => {
    const asn = String(4_200_000_000 + 3323 * 9000 + 7);
    const entries = new Map(
      ["asn/agency-0", "asn/agency-1"].map((key, index) => [
        key,
        { value: asn, at: { file: "lock", line: index + 1, column: 1 } },
      ]),
    );
    const shape = { pops: 1, lans: [lan(24), lan(24)], vps: [] };
    const { findings } = makePlan(buildInventory(shape, { entries }));
    expect(findings.map(({ id, at, what }) => [id, at?.line, what.includes("line")])).toEqual([
      ["lock-asn-twice", 1, true],
      ["lock-asn-twice", 2, true],
    ]);
  });

  it("names both holders of one prefix in the lock", () => {
    const lock = lockOf(
      new Map([
        ["lan/agency-0", "10.116.1.0/24 fd12:3456:789a:8001::/64"],
        ["lan/agency-1", "10.116.1.128/25 fd12:3456:789a:8002::/64"],
      ]),
    );
    const { findings } = makePlan(
      buildInventory({ pops: 1, lans: [lan(24), lan(25)], vps: [] }, lock),
    );
    expect(findings[0]).toMatchObject({ id: "lock-overlap" });
    expect(findings[0]?.what).toContain("lan/agency-1 has 10.116.1.128/25");
    expect(findings[0]?.what).toContain("10.116.1.0/24 of lan/agency-0");
  });
});

const POOL_OF: Readonly<Record<string, string>> = {
  lan: "perangkat-daerah",
  transit: "transit",
  loopback: "loopback",
  tenant: "pusat-data",
  vps: "pusat-data",
  service: "service",
  management: "management",
};

function planned(shape: Shape, lock?: Lock): KabupatenPlan {
  const { plan, findings } = makePlan(buildInventory(shape, lock));
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}

/** The plan of a small kabupaten with one router pinned to this offset of its segment. */
function withPinned(key: string, offset: bigint) {
  const shape = { pops: 1, lans: [lan(24)], vps: [] };
  const before = planned(shape);
  const segment = before.segments.find(({ name }) => name === "access-pop0")!.prefix;
  const entries = new Map(lockEntries(before));
  entries.delete("transit/access-pop0/pop-pop0");
  const pair = [segment.ipv4, segment.ipv6].map((prefix) => Address.inside(prefix, offset).text);
  entries.set(key, pair.join(" "));
  return makePlan(buildInventory(shape, lockOf(entries)));
}

function lockOf(entries: ReadonlyMap<string, string>): Lock {
  const at = { file: "lock", line: 1, column: 1 };
  return { entries: new Map([...entries].map(([key, value]) => [key, { value, at }])) };
}

function networks(
  each: readonly { readonly key: string; readonly at: Prefix | Address }[],
  wanted: (key: string) => boolean,
): [string, Prefix][] {
  return each.flatMap(({ key, at }) => (at instanceof Prefix && wanted(key) ? [[key, at]] : []));
}

function expectApart(entries: readonly (readonly (string | Prefix | Address)[])[]): void {
  const prefixes = entries
    .map(([key, at]) => [key, at instanceof Address ? Prefix.host(at) : (at as Prefix)] as const)
    .toSorted(([, a], [, b]) => (a.first < b.first ? -1 : 1));
  for (const [index, [key, prefix]] of prefixes.entries()) {
    const next = prefixes[index + 1];
    if (next) expect(prefix.overlaps(next[1]), `${String(key)} and ${String(next[0])}`).toBe(false);
  }
}

function covers(pool: Prefix, at: Prefix | Address): boolean {
  return at instanceof Prefix ? pool.contains(at) : at.isIn(pool);
}
