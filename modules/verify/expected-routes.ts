import { Prefix } from "../core/prefix.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { FAMILIES, type Family } from "../render/bird-names.ts";
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
      for (const prefix of announcedBy(origin.router, family.key)) {
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

/** Every prefix that the plan lets anybody bring into BGP, both families. */
export function plannedRoutes(plan: Pick<KabupatenPlan, "routers">): RouteTable {
  return new Map(
    plan.routers.flatMap((origin) =>
      FAMILIES.flatMap(({ key }) =>
        announcedBy(origin, key).map((prefix) => [prefix.text, { prefix, origin }] as const),
      ),
    ),
  );
}

/** What a router brings into BGP itself; the exit also the way to the internet. */
function announcedBy(router: RouterPlan, key: Family["key"]): readonly Prefix[] {
  const own = router.originates.map(({ prefix }) => prefix[key]);
  return router.exit?.[key] === undefined ? own : [...own, DEFAULT_ROUTES[key]];
}
