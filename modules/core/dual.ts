import type { Address } from "./address.ts";
import type { Prefix } from "./prefix.ts";

/** A pair of one IPv4 and one IPv6 thing: everything in the plan is dual stack. */
export interface Dual<T> {
  readonly ipv4: T;
  readonly ipv6: T;
}

export type DualAddress = Dual<Address>;
export type DualPrefix = Dual<Prefix>;
/** Lists of prefixes, of any length in each family. */
export type DualPrefixes = Dual<readonly Prefix[]>;
