import { FEED_NAMES, type FeedName, type Rack, type RackDevice } from "../inventory/rack.ts";
import { standing } from "./rack-units.ts";

/** Load of one feed, in watts. */
export interface FeedLoad {
  readonly feed: FeedName;
  readonly capacity: number;
  /** While both feeds are up. */
  readonly normal: number;
  /** While the other feed is down: what runs on both is carried by this one alone. */
  readonly alone: number;
}

/** What each feed of a rack carries, planned devices included. One that is off draws nothing, but may be started. */
export function feedLoads(rack: Pick<Rack, "devices" | "feeds">): readonly FeedLoad[] {
  const devices = standing(rack);
  const sum = (of: (device: RackDevice) => number): number =>
    devices.reduce((total, device) => total + of(device), 0);
  return FEED_NAMES.flatMap((feed) => {
    const capacity = rack.feeds[feed];
    if (capacity === undefined) return [];
    return [
      {
        feed,
        capacity,
        normal: sum(({ power }) => power[feed] ?? 0),
        alone: sum(({ power }) => (power[feed] === undefined ? 0 : drawn(power))),
      },
    ];
  });
}

/** All that a device draws, from either feed. */
function drawn(power: RackDevice["power"]): number {
  return FEED_NAMES.reduce((total, feed) => total + (power[feed] ?? 0), 0);
}
