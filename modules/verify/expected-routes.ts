import type { Prefix } from "../core/prefix.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { FAMILIES, type Family } from "../render/bird-names.ts";
import type { Link } from "./links.ts";
import type { SeenRouter } from "./routers.ts";

/** A prefix and the router that brings it into BGP. */
export interface PlannedRoute {
  readonly prefix: Prefix;
  readonly origin: RouterPlan;
}

export type RouteTable = ReadonlyMap<string, PlannedRoute>;

/**
 * What each router must know in one family, given which sessions are up: a dead line's consequences are not missing
 * routes. Up goes what is a router's own and what came from below, folded into its aggregates; down goes everything
 * (modules/render/bird-filters.ts).
 */
export class ExpectedRoutes {
  readonly #parents = new Map<SeenRouter, SeenRouter[]>();
  readonly #children = new Map<SeenRouter, SeenRouter[]>();
  readonly #up = new Map<SeenRouter, RouteTable>();
  readonly #known = new Map<SeenRouter, RouteTable>();
  readonly #key: Family["key"];

  constructor(links: readonly Link[], family: Family) {
    this.#key = family.key;
    for (const { lower, upper, up, family: of } of links)
      if (up && of.number === family.number) {
        add(this.#parents, lower, upper);
        add(this.#children, upper, lower);
      }
  }

  /** Everything that must stand in the router's table, by the prefix's text. */
  knownTo(router: SeenRouter): RouteTable {
    const cached = this.#known.get(router);
    if (cached !== undefined) return cached;
    const known = new Map<string, PlannedRoute>();
    for (const parent of this.#parents.get(router) ?? [])
      for (const [text, route] of this.knownTo(parent))
        if (!this.#isOwn(router, route)) known.set(text, route);
    for (const child of this.#children.get(router) ?? [])
      for (const [text, route] of this.#sentUp(child)) known.set(text, route);
    for (const [text, route] of this.#own(router)) known.set(text, route);
    this.#known.set(router, known);
    return known;
  }

  #sentUp(router: SeenRouter): RouteTable {
    const cached = this.#up.get(router);
    if (cached !== undefined) return cached;
    const aggregates = router.router.aggregates[this.#key];
    const sent = new Map<string, PlannedRoute>();
    const below = (this.#children.get(router) ?? []).map((child) => this.#sentUp(child));
    for (const table of [...below, this.#own(router)])
      for (const [text, route] of table) {
        const around = aggregates.find((aggregate) => aggregate.contains(route.prefix));
        if (around === undefined || around.text === text) sent.set(text, route);
      }
    this.#up.set(router, sent);
    return sent;
  }

  #own({ router }: SeenRouter): RouteTable {
    return new Map(
      router.originates.map(({ prefix }) => [
        prefix[this.#key].text,
        { prefix: prefix[this.#key], origin: router },
      ]),
    );
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

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
