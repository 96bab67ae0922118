import type { Family } from "../render/bird-names.ts";
import type { Link } from "./links.ts";
import type { SeenRouter } from "./routers.ts";

/** Direction in which a route passes from one router to the next. */
export type Direction = "up" | "beside" | "down";

/** Who tells whom in one family, over the sessions that are up. */
export class SessionGraph {
  readonly #next: Readonly<Record<Direction, Map<SeenRouter, SeenRouter[]>>> = {
    up: new Map(),
    beside: new Map(),
    down: new Map(),
  };

  constructor(links: readonly Link[], family: Family) {
    for (const { lower, upper, beside, up, family: of } of links) {
      if (!up || of.number !== family.number) continue;
      add(this.#next[beside ? "beside" : "up"], lower, upper);
      add(this.#next[beside ? "beside" : "down"], upper, lower);
    }
  }

  /**
   * Everybody who hears what one router tells. A route goes up, then from core to core, then down, and never up again:
   * no router is a way between two that stand above it (modules/render/bird-filters.ts).
   * @param passes whether the route is told, and believed, on one step
   */
  hearers(
    origin: SeenRouter,
    passes: (from: SeenRouter, to: SeenRouter, direction: Direction) => boolean = () => true,
  ): ReadonlySet<SeenRouter> {
    const hearers = new Set([origin]);
    for (const direction of ["up", "beside", "down"] as const)
      // A set goes on with what is added to it on the way.
      for (const from of hearers)
        for (const to of this.#next[direction].get(from) ?? [])
          if (passes(from, to, direction)) hearers.add(to);
    return hearers;
  }
}

function add(lists: Map<SeenRouter, SeenRouter[]>, key: SeenRouter, value: SeenRouter): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
