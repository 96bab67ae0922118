import { Prefix } from "../core/prefix.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { FAMILIES, type Family, isSwitched, moveProtocol } from "../render/bird-names.ts";
import { groupBy } from "./group-by.ts";
import type { Link } from "./links.ts";
import type { SeenRouter } from "./routers.ts";
import { SessionGraph } from "./session-graph.ts";

/** A prefix and the router that brings it into BGP. */
export interface PlannedRoute {
  readonly prefix: Prefix;
  readonly origin: RouterPlan;
}

/** What the exit announces. */
const DEFAULT_ROUTES = { ipv4: Prefix.of(4, 0n, 0), ipv6: Prefix.of(6, 0n, 0) };

export type RouteTable = ReadonlyMap<string, PlannedRoute>;

/**
 * What each router must know in one family, given which sessions are up: a dead line's consequences are not missing
 * routes. Up goes what is a router's own and what came from below, folded into its aggregates; down, and from core to
 * core, goes everything (modules/render/bird-filters.ts).
 */
export class ExpectedRoutes {
  readonly #known = new Map<SeenRouter, Map<string, PlannedRoute>>();
  readonly #key: Family["key"];

  constructor(routers: readonly SeenRouter[], links: readonly Link[], family: Family) {
    this.#key = family.key;
    for (const router of routers) this.#known.set(router, new Map());
    const graph = new SessionGraph(links, family);
    for (const origin of routers)
      for (const prefix of announcedBy(origin, family)) {
        const route = { prefix, origin: origin.router };
        const hearers = graph.hearers(origin, (from, to, direction) =>
          direction === "up" ? !this.#folds(from, route) : !this.#isOwn(to, route),
        );
        for (const hearer of hearers) this.#known.get(hearer)!.set(route.prefix.text, route);
      }
  }

  /** Everything that must stand in the router's table, by the prefix's text. */
  knownTo(router: SeenRouter): RouteTable {
    return this.#known.get(router)!;
  }

  #folds({ router }: SeenRouter, { prefix }: PlannedRoute): boolean {
    const around = router.aggregates[this.#key].find((aggregate) => aggregate.contains(prefix));
    return around !== undefined && around.text !== prefix.text;
  }

  /** What stands on this router is never believed from above, nor anything inside it but below its aggregates. */
  #isOwn({ router }: SeenRouter, { prefix }: PlannedRoute): boolean {
    return router.originates.some(({ via, prefix: own }) =>
      via === "aggregate" ? own[this.#key].text === prefix.text : own[this.#key].contains(prefix),
    );
  }
}

/** Every prefix that the plan lets anybody bring into BGP, both families, and who may: two, where two sites do. */
export function plannedRoutes(
  plan: Pick<KabupatenPlan, "routers">,
): ReadonlyMap<string, readonly PlannedRoute[]> {
  const routes = plan.routers.flatMap((origin) =>
    FAMILIES.flatMap(({ key }) => broughtBy(origin, key).map((prefix) => ({ prefix, origin }))),
  );
  return groupBy(routes, ({ prefix }) => prefix.text);
}

/** What a router brings into BGP itself; the exit also the way to the internet. */
function broughtBy(router: RouterPlan, key: Family["key"]): readonly Prefix[] {
  const own = router.originates.map(({ prefix }) => prefix[key]);
  return router.exit?.[key] === undefined ? own : [...own, DEFAULT_ROUTES[key]];
}

/** The same, without what it was switched to leave to another site: which of the two announces it is no matter here. */
function announcedBy({ router, seen }: SeenRouter, family: Family): readonly Prefix[] {
  const silent = router.originates.filter(isSwitched).filter(({ move }) => {
    const name = moveProtocol(move.service, family);
    const protocol = seen?.protocols.find((one) => one.name === name);
    return protocol === undefined ? !move.announced : protocol.state !== "up";
  });
  const left = new Set(silent.map(({ prefix }) => prefix[family.key].text));
  return broughtBy(router, family.key).filter(({ text }) => !left.has(text));
}
