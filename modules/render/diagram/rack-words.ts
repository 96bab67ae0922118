import { FEED_NAMES, type RackDevice } from "../../inventory/rack.ts";
import type { FeedLoad } from "../../plan/rack-power.ts";

/** What a device draws: `A 225 W, B 225 W`; nothing of a passive one. */
export function powerWords({ power }: Pick<RackDevice, "power">): string {
  return FEED_NAMES.flatMap((feed) => {
    const watts = power[feed];
    return watts === undefined ? [] : [`${feed.toUpperCase()} ${watts} W`];
  }).join(", ");
}

/** `feed A: 665 of 3520 W (19 %), 1250 W (36 %) when B fails`. */
export function loadWords({ feed, capacity, normal, alone }: FeedLoad, hasOther: boolean): string {
  const share = (watts: number): string => `${Math.round((watts / capacity) * 100)} %`;
  const other = feed === "a" ? "B" : "A";
  const failover = hasOther ? `, ${alone} W (${share(alone)}) when ${other} fails` : "";
  return `feed ${feed.toUpperCase()}: ${normal} of ${capacity} W (${share(normal)})${failover}`;
}

/** Single units and ranges: `4-11, 39`. */
export function unitWords(units: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const unit of units) {
    const last = ranges.at(-1);
    if (last?.[1] === unit - 1) last[1] = unit;
    else ranges.push([unit, unit]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/** What is not plainly at work, in a word. */
export function stateWords({ state }: Pick<RackDevice, "state">): string {
  return state === "installed" ? "" : state;
}
