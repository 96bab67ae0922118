import { compareTexts } from "../core/diagnostic.ts";
import type { Entry } from "./inventory-files.ts";
import { FEED_NAMES, type Rack, type RackDevice, type ServerDuty, type Watts } from "./rack.ts";
import type { ColocationFile, DeviceFile, FeedFile } from "./schema/colocation.ts";
import type { YamlSource } from "./yaml-source.ts";

/** One file `colocation/<rack>.yaml`, of which the rules have seen that each feed says how much it carries. */
export function rackOf({ file, source }: Entry<ColocationFile>): Rack {
  const { feeds, devices, ...rest } = file;
  return {
    ...rest,
    feeds: wattsOf((name) => {
      const feed = feeds[name];
      return feed === undefined ? undefined : wattsOfFeed(feed);
    }),
    devices: [...devices]
      .map(([name, device]) => deviceOf(name, device, source.below("devices", name)))
      .toSorted((a, b) => compareTexts(a.name, b.name)),
    origin: source,
  };
}

/** What a feed carries: said in watts, or by its fuse and voltage; undefined where it says neither. */
export function wattsOfFeed({ watts, amperes, volts }: FeedFile): number | undefined {
  if (watts !== undefined) return watts;
  return amperes === undefined || volts === undefined ? undefined : amperes * volts;
}

function deviceOf(name: string, device: DeviceFile, source: YamlSource): RackDevice {
  const { power, server, ...rest } = device;
  return {
    ...rest,
    name,
    power: wattsOf((feed) => power[feed]),
    server: server && dutyOf(server, source.below("server")),
    origin: source,
  };
}

function dutyOf(
  { ssh_keys: sshKeys, ...rest }: NonNullable<DeviceFile["server"]>,
  origin: YamlSource,
): ServerDuty {
  return { ...rest, sshKeys, origin };
}

function wattsOf(value: (feed: (typeof FEED_NAMES)[number]) => number | undefined): Watts {
  return Object.fromEntries(
    FEED_NAMES.flatMap((feed) => {
      const watts = value(feed);
      return watts === undefined ? [] : [[feed, watts]];
    }),
  );
}
