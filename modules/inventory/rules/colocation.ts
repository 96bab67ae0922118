import { errorAt, type Diagnostic, type Place } from "../../core/diagnostic.ts";
import { wattsOfFeed } from "../assemble-rack.ts";
import type { Entry, InventoryFiles } from "../inventory-files.ts";
import { FEED_NAMES } from "../rack.ts";
import type { ColocationFile, DeviceFile } from "../schema/colocation.ts";
import type { YamlSource } from "../yaml-source.ts";
import { conflicts, type Claim } from "./finding.ts";

/** One device of a rack's file, with the place of each of its fields. */
export interface DeviceEntry {
  readonly name: string;
  readonly device: DeviceFile;
  readonly rack: Entry<ColocationFile>;
  readonly source: YamlSource;
}

export function devicesOf(racks: readonly Entry<ColocationFile>[]): readonly DeviceEntry[] {
  return racks.flatMap((rack) =>
    [...rack.file.devices].map(([name, device]) => ({
      name,
      device,
      rack,
      source: rack.source.below("devices", name),
    })),
  );
}

/** What the fields of a rack and its devices owe each other, and that no colocated server vanishes. */
export function checkColocation({ colocation, lock }: InventoryFiles): Diagnostic[] {
  const devices = devicesOf(colocation);
  const present = devices.filter(({ device }) => device.state !== "removed");
  return [
    ...colocation.flatMap(feedForms),
    ...devices.flatMap((entry) => [...serverBlock(entry), ...missingFeeds(entry)]),
    ...taken(present),
    ...portsTaken(present),
    ...vanished(
      devices.map(({ name }) => name),
      lock,
    ),
  ];
}

/** Watts, or a fuse and its voltage: one of the two ways. */
function feedForms({ file, source }: Entry<ColocationFile>): Diagnostic[] {
  return FEED_NAMES.flatMap((name) => {
    const feed = file.feeds[name];
    if (feed === undefined) return [];
    const inAmperes = feed.amperes !== undefined || feed.volts !== undefined;
    if (wattsOfFeed(feed) !== undefined && !(feed.watts !== undefined && inAmperes)) return [];
    return [
      errorAt(
        source.at("feeds", name),
        "feed-form",
        inAmperes && feed.watts !== undefined
          ? `feed ${name} says watts and amperes`
          : `feed ${name} does not say what it carries`,
        "what its devices draw is compared with one figure",
        "write watts alone, or amperes and volts: { amperes: 16, volts: 220 }",
      ),
    ];
  });
}

function serverBlock({ name, device, source }: DeviceEntry): Diagnostic[] {
  if (device.kind === "server" && device.server === undefined)
    return [
      errorAt(
        source.at(),
        "server-block",
        `${name} is a server, and server: is missing`,
        "what it is for, its class of data and its backup are duties of its owner as with a VPS",
        "add server: { purpose: ..., classification: ..., backup: ... }; Dinas's own machines are of kind host",
      ),
    ];
  if (device.kind === "server" || device.server === undefined) return [];
  return [
    errorAt(
      source.at("server"),
      "server-block",
      `${name} is of kind ${device.kind} and has server:`,
      "only an agency's server is given a service address and names",
      "write kind: server, or remove server:",
    ),
  ];
}

function missingFeeds({ name, device, rack, source }: DeviceEntry): Diagnostic[] {
  return FEED_NAMES.filter(
    (feed) => device.power[feed] !== undefined && rack.file.feeds[feed] === undefined,
  ).map((feed) =>
    errorAt(
      source.at("power", feed),
      "feed-missing",
      `${name} draws from feed ${feed}, and ${rack.name} has no such feed`,
      "a plug without a socket is no redundancy",
      `write what it draws from a, or add feeds: ${feed}: to the rack`,
    ),
  );
}

/** What one device has and no other. */
const UNIQUE = { serial: "serial number", asset: "asset tag" } as const;

function taken(devices: readonly DeviceEntry[]): Diagnostic[] {
  return (["serial", "asset"] as const).flatMap((field) => {
    const claims = devices.flatMap(({ device, source }): Claim[] => {
      const value = device[field];
      return value === undefined ? [] : [{ value: value.toUpperCase(), at: source.at(field) }];
    });
    return conflicts(claims, ({ value }, others) => ({
      id: field === "serial" ? "serial-taken" : "asset-taken",
      what: `${UNIQUE[field]} ${value} is also that of ${others}`,
      why: "a device stands in one place: one of the two was copied or moved",
      fix: "correct one of them; of a device that was moved, remove the old entry or write state: removed",
    }));
  });
}

function portsTaken(devices: readonly DeviceEntry[]): Diagnostic[] {
  const claims = devices.flatMap(({ device, source }) =>
    device.ports.map((each, index) => ({
      value: `${each.device}/${each.port}`,
      at: source.at("ports", index),
    })),
  );
  return conflicts(claims, ({ value }, others) => ({
    id: "switch-port-taken",
    what: `port ${value} is also used at ${others}`,
    why: "one cable goes into one port",
    fix: "look which cable it is, and correct the other",
  }));
}

/** The lock is what remembers a server whose entry is gone. */
function vanished(names: readonly string[], lock: InventoryFiles["lock"]): Diagnostic[] {
  return [...lock.entries].flatMap(([key, { at }]: [string, { readonly at: Place }]) => {
    const name = /^colocation\/([^/]+)$/.exec(key)?.[1];
    return name === undefined || names.includes(name)
      ? []
      : [
          errorAt(
            at,
            "colocation-vanished",
            `no rack holds ${name}, and the lock knows the server`,
            "a removed entry would cut off an agency's server without anybody deciding it",
            "restore its entry and write state: removed",
          ),
        ];
  });
}
