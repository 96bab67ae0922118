import { describe, expect, it } from "vitest";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { compareLinks, observeLinks } from "../../modules/verify/links.ts";
import { compareRouters, type SeenRouter } from "../../modules/verify/routers.ts";
import { compareRoutes } from "../../modules/verify/routes.ts";
import { changed, ROUTERS, seenRouters } from "./seen-routers.ts";

const PLAN = { routers: ROUTERS };
const NOWHERE = () => undefined;

function findings(routers: readonly SeenRouter[]): readonly Diagnostic[] {
  const links = observeLinks(routers);
  return [
    ...compareRouters(routers, { plan: PLAN, containers: new Map(), placeOf: NOWHERE }),
    ...compareLinks(routers, links, NOWHERE),
    ...compareRoutes({ plan: PLAN, placeOf: NOWHERE }, routers, links).findings,
  ];
}

function told(routers: readonly SeenRouter[]): readonly string[] {
  return findings(routers).map(({ id, what }) => `${id}: ${what}`);
}

describe("a WAN compared with its plan", () => {
  it("has no findings when all is up", () => {
    expect(told(seenRouters())).toEqual([]);
    const routers = seenRouters();
    const links = observeLinks(routers);
    expect(links.filter(({ up, guarded }) => up && guarded)).toHaveLength(8);
    const { expected, present } = compareRoutes({ plan: PLAN, placeOf: NOWHERE }, routers, links);
    expect(present).toBe(expected);
    expect(expected).toBeGreaterThan(60);
  });

  it("is one finding when a router does not run, whatever hangs on it", () => {
    expect(told(seenRouters(["pop-parakan"]))).toEqual([
      "router-not-running: Router pop-parakan (pop-parakan) is not on the engine; behind it: dinas-1, dinas-2",
    ]);
  });

  it("names both ends, segment and family of a session that is down, and not its consequences", () => {
    const down = changed(seenRouters(), "dinas-1", ({ protocols, routes }) => ({
      protocols: protocols.map((one) =>
        one.name.startsWith("uplink6")
          ? { ...one, info: "Active   Socket: Connection refused" }
          : one,
      ),
      routes: routes.filter(({ protocol }) => !protocol.startsWith("uplink6")),
    }));
    expect(told(down)).toEqual([
      "session-down: no BGP session over IPv6 between Router dinas-1 (dinas-1) and Router pop-parakan (pop-parakan) on access-parakan (Active Socket: Connection refused)",
    ]);
  });

  it("misses BFD", () => {
    const bare = changed(seenRouters(), "pop-parakan", ({ bfd }) => ({
      bfd: new Map([...bfd].filter(([address]) => address !== "10.208.16.10")),
    }));
    expect(told(bare)).toEqual([
      "bfd-down: BFD over IPv4 is not up between Router dinas-1 (dinas-1) and Router pop-parakan (pop-parakan) on access-parakan",
    ]);
  });

  it("names a prefix that should have come, with whose it is", () => {
    const lacking = changed(seenRouters(), "core-pusat-data", ({ routes }) => ({
      routes: routes.filter(({ prefix }) => prefix !== "10.212.0.0/18"),
    }));
    expect(told(lacking)).toEqual([
      "route-missing: Router core-pusat-data (core-pusat-data) does not know 1 prefix: 10.212.0.0/18 of pop-parakan",
    ]);
  });

  it("says who announces what belongs to whom, once for all who believe it", () => {
    const stolen = { prefix: "10.212.1.0/24", destination: "unicast", originAsn: 4_200_002_002 };
    const believe = (routers: readonly SeenRouter[], name: string, protocol: string) =>
      changed(routers, name, ({ routes }) => ({
        routes: routes.map((route) =>
          route.prefix === stolen.prefix ? { ...stolen, protocol } : route,
        ),
      }));
    const once = believe(seenRouters(), "pop-parakan", "hub4_access_parakan_2");
    expect(told(believe(once, "dinas-2", "uplink4_pop_parakan_access_parakan"))).toEqual([
      "route-foreign: Router dinas-2 (dinas-2) announces 10.212.1.0/24, which belongs to dinas-1; believed by pop-parakan, dinas-2",
    ]);
  });

  it.each([
    ["10.212.1.0/24", "belongs to dinas-1"],
    ["10.212.1.128/25", "lies in 10.212.1.0/24 of dinas-1"],
    ["192.0.2.0/25", "is nobody's in the plan"],
  ])("says who tries to announce %s and that it was refused", (prefix, owner) => {
    const refused = { prefix, destination: "unicast", protocol: "hub4_access_parakan_2" };
    expect(told(changed(seenRouters(), "pop-parakan", () => ({ refused: [refused] })))).toEqual([
      `announcement-refused: Router dinas-2 (dinas-2) tries to announce ${prefix} (${owner}); refused by Router pop-parakan (pop-parakan)`,
    ]);
  });

  it("does not trust a stranger with a session", () => {
    const stranger = {
      name: "hub4_access_parakan_9",
      kind: "BGP",
      state: "up",
      info: "Established",
      neighbour: "10.208.16.66",
      neighbourAsn: 65_000,
    };
    const met = changed(seenRouters(), "pop-parakan", ({ protocols }) => ({
      protocols: [...protocols, stranger],
    }));
    expect(told(met)).toEqual([
      "session-unplanned: Router pop-parakan (pop-parakan) has a BGP session with 10.208.16.66 (AS65000), which is nobody's in the plan",
    ]);
  });

  it.each([
    [{ birdAnswers: false, protocols: [], routes: [] }, /^router-silent: .*dinas-1/],
    [
      { addresses: new Set(["10.209.1.11", "10.212.1.1"]) },
      /^address-missing: .*fd5c:ad00:7031:ff01::b/,
    ],
    [
      { defaultRoutes: ["default via 10.208.16.254 dev eth0"] },
      /^default-route-present: 1 router with/,
    ],
  ])("says what is wrong with one router: %j", (seen, text) => {
    expect(told(changed(seenRouters(), "dinas-1", () => seen))).toEqual([
      expect.stringMatching(text),
    ]);
  });
});
