import type { CalendarDate } from "../core/calendar-date.ts";
import type { SshPublicKey } from "../core/ssh-public-key.ts";
import type { UnitRange } from "../core/unit-range.ts";
import type { BackupPolicy } from "./backup-model.ts";
import type { Origin, Publication, Vps } from "./model.ts";
import type { SiteName } from "./site-model.ts";

export const FEED_NAMES = ["a", "b"] as const;
export type FeedName = (typeof FEED_NAMES)[number];

/** Watts by feed. */
export type Watts = Partial<Readonly<Record<FeedName, number>>>;

/** A rack of the Pusat Data or the DRC, and what stands in it. */
export interface Rack {
  /** Slug: `rak-a`. */
  readonly name: string;
  readonly site: SiteName;
  /** Height in units. */
  readonly units: number;
  /** What each power feed can carry; a rack without B has one feed only. */
  readonly feeds: Watts;
  /** Units closed by a blank panel at the front. */
  readonly blanks: readonly UnitRange[];
  /** Sorted by name. */
  readonly devices: readonly RackDevice[];
  readonly origin: Origin;
}

export const DEVICE_KINDS = [
  "server",
  "host",
  "storage",
  "switch",
  "router",
  "firewall",
  "ups",
  "pdu",
  "patch-panel",
  "other",
] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** `full`: reaches from the front to the back, so that nothing fits behind it. */
export type DeviceFace = "front" | "back" | "full";

export interface RackDevice {
  /** Slug: `simrs`. */
  readonly name: string;
  readonly kind: DeviceKind;
  /** Slug of the agency whose property it is. */
  readonly owner: string;
  readonly units: UnitRange;
  readonly face: DeviceFace;
  /** What it draws at most from each feed; one with both runs on either alone. */
  readonly power: Watts;
  readonly ports: readonly SwitchPort[];
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
  readonly asset?: string | undefined;
  /** Last day of the maker's warranty. */
  readonly warranty?: CalendarDate | undefined;
  /** `planned` keeps its place, `off` stands there without working, `removed` is only remembered. */
  readonly state: "planned" | "installed" | "off" | "removed";
  /** Of kind `server`: what it is for, and how it is reached. */
  readonly server?: ServerDuty | undefined;
  readonly origin: Origin;
}

/** A port of a switch, as `switch/port`. */
export interface SwitchPort {
  /** Slug of the switch, router or firewall. */
  readonly device: string;
  /** As its front plate says: `12` or `Gi1/0/12`. */
  readonly port: string;
}

/** What an agency's own server at Dinas owes and is given, as a VPS is. */
export interface ServerDuty {
  readonly purpose: string;
  readonly classification: Vps["classification"];
  /** The machine in the rack itself; else a container stands for it on the engine. */
  readonly external: boolean;
  /** Who may log in to the container that stands for it. */
  readonly sshKeys: readonly SshPublicKey[];
  readonly publish: readonly Publication[];
  readonly backup: BackupPolicy;
  readonly drc: Vps["drc"];
  readonly origin: Origin;
}

/** A colocated server together with where it stands. */
export interface ColocatedServer extends ServerDuty {
  readonly name: string;
  readonly owner: string;
  readonly rack: string;
  readonly units: UnitRange;
  readonly state: Exclude<RackDevice["state"], "removed">;
}

/** Every server that an agency has in a rack, as far as it is not gone; sorted by name. */
export function colocatedServers(racks: readonly Rack[]): readonly ColocatedServer[] {
  return racks
    .flatMap((rack) =>
      rack.devices.flatMap(({ name, owner, units, state, server }) =>
        server === undefined || state === "removed"
          ? []
          : [{ ...server, name, owner, rack: rack.name, units, state }],
      ),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
