import type { Prefix } from "../core/prefix.ts";
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
      for (const { prefix } of origin.router.originates) {
        const route = { prefix: prefix[family.key], origin: origin.router };
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
      origin.originates.flatMap((route) =>
        FAMILIES.map(({ key }) => {
          const prefix = route.prefix[key];
          return [prefix.text, { prefix, origin }] as const;
        }),
      ),
    ),
  );
}
