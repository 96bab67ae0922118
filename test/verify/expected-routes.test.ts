import { describe, expect, it } from "vitest";

import { makePlan } from "../../modules/plan/make-plan.ts";
import { FAMILIES } from "../../modules/render/bird-names.ts";
import { ExpectedRoutes } from "../../modules/verify/expected-routes.ts";
import { compareLinks, type Link, observeLinks } from "../../modules/verify/links.ts";
import type { SeenRouter } from "../../modules/verify/routers.ts";
import { SessionGraph } from "../../modules/verify/session-graph.ts";
import { buildInventory } from "../plan/inventory-builder.ts";
import { widened } from "../plan/wide-wan.ts";
import { parseRouter } from "../../modules/verify/router-observation.ts";

const IPV4 = FAMILIES[0]!;
const LANS = [0, 1].map((pop) => ({ length: 24, pop }));
const plan = makePlan(widened(buildInventory({ pops: 2, lans: LANS, vps: [0] }))).plan!;
const routers: readonly SeenRouter[] = plan.routers.map((router) => ({
  router,
  container: `${router.role}-${router.name}`,
  // What BIRD says when nothing is up yet: the tests say themselves which sessions are.
  seen: parseRouter("== protocols\nBIRD 2.0.12 ready.\n"),
}));
const planned = observeLinks(routers);

/** The planned sessions, all up but those that the test names: `pop-pop0 core-drc backbone-a`. */
function links(isDown: (text: string) => boolean = () => false): readonly Link[] {
  return planned.map((link) => ({
    ...link,
    up: !isDown(`${link.lower.container} ${link.upper.container} ${link.segment}`),
  }));
}

function named(container: string): SeenRouter {
  return routers.find((one) => one.container === container)!;
}

function known(container: string, some: readonly Link[]): ReadonlySet<string> {
  return new Set(new ExpectedRoutes(routers, some, IPV4).knownTo(named(container)).keys());
}

describe("what must be known where, with several cores and segments", () => {
  it("has one session per family, segment and pair, and cores beside each other", () => {
    const between = (text: string) =>
      planned.filter(({ lower, upper }) => `${lower.container} ${upper.container}`.includes(text))
        .length;
    // 2 POPs, 3 cores, 2 segments, 2 families; 3 pairs of cores.
    expect(between("router-pop-pop0 router-core")).toBe(12);
    expect(planned.filter(({ beside }) => beside)).toHaveLength(12);
    // The gateways of name service, edge, backups, one tenant and stations, at two cores; three more of them at the DRC's one.
    expect(between("gateway-")).toBe(26);
  });

  it("is everything at every core, and no session's loss takes any of it away", () => {
    const whole = known("router-core-drc", links());
    for (const core of ["router-core-pusat-data", "router-core-pusat-data-2"])
      expect(known(core, links())).toEqual(whole);
    expect(whole.size).toBeGreaterThan(8);
    for (const { lower, upper, segment } of planned.filter(({ family }) => family === IPV4)) {
      const dead = `${lower.container} ${upper.container} ${segment}`;
      // Who has one session loses everything with it.
      if (lower.router.uplinks.length === 1) continue;
      expect(
        known(
          "router-core-drc",
          links((text) => text === dead),
        ),
      ).toEqual(whole);
    }
  });

  it("reaches a POP that hears one core only from all the others", () => {
    const one = links((text) => text.startsWith("router-pop-pop0") && !text.includes("core-drc"));
    expect(known("router-core-pusat-data", one)).toEqual(known("router-core-pusat-data", links()));
    expect(known("gateway-agency-0", one)).toEqual(known("gateway-agency-0", links()));
  });

  it("makes no POP a way between cores", () => {
    const apart = links((text) => /core-\S+ router-core/.test(text));
    const graph = new SessionGraph(apart, IPV4);
    const hearers = [...graph.hearers(named("router-core-drc"))].map(({ container }) => container);
    expect(hearers.toSorted()).toEqual([
      "gateway-backup-drc",
      "gateway-edge-drc",
      "gateway-name-service-drc",
      "router-agency-0",
      "router-agency-1",
      "router-core-drc",
      "router-pop-pop0",
      "router-pop-pop1",
    ]);
    const loopback = named("router-core-drc").router.loopback.ipv4.hostPrefix;
    expect(known("router-core-pusat-data", apart)).not.toContain(loopback);
    expect(known("router-agency-0", apart)).toContain(loopback);
  });

  it("is one finding when a whole segment is cut", () => {
    const cut = links((text) => text.endsWith("backbone-b")).map((link) => ({
      ...link,
      guarded: true,
    }));
    const findings = compareLinks(routers, cut, () => undefined);
    expect(findings.map(({ id, what }) => `${id}: ${what}`)).toEqual([
      "segment-down: nobody hears anybody on backbone-b: none of its 9 pairs of neighbours has a BGP session",
    ]);
  });
});
