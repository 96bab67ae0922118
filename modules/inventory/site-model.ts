import type { ByteSize } from "../core/byte-size.ts";
import type { Duration } from "../core/duration.ts";
import type { InternetAccess } from "./internet-model.ts";

export type SiteName = "pusat-data" | "drc";

export interface Site {
  readonly name: SiteName;
  /** Key in `engines`. */
  readonly engine: string;
  readonly location: Location;
  /** Whether the location is a guess of `simpul init`. */
  readonly isPlaceholder?: true;
  readonly capacity: Capacity;
  /** What can strike the site as a whole, by names that both sites use: `river-progo`. */
  readonly risks: readonly string[];
  /** Of the DRC: kilometres from the Pusat Data that the Dinas asks for, where it has said so. */
  readonly minimumDistance?: number;
  /** Of the DRC: time from one copy of a warm server's volume to the next. */
  readonly copyEvery?: Duration;
}

/** What the machines of a site have, and how much of it is promised. */
export interface Capacity {
  readonly cpu: number;
  readonly memory: ByteSize;
  readonly disk: ByteSize;
  /** Percent that stay free: for the site's own services, and for the machine that fails. */
  readonly headroom: number;
  /** How many times each may be promised; 1 promises what is there. */
  readonly overcommit: { readonly cpu: number; readonly memory: number; readonly disk: number };
}

/** WGS 84 degrees. */
export interface Location {
  readonly lat: number;
  readonly lon: number;
}

export interface Engine {
  readonly name: string;
  /** `ssh://user@host`; the local Docker socket when absent. */
  readonly host?: string;
  /** Interface of the engine's host that leaves to other engines. */
  readonly uplink?: string;
  /** The way to the provider; without it no default route leads out of this engine. */
  readonly internet?: InternetAccess;
}
