import { Address } from "../core/address.ts";
import type { DualAddress, DualPrefix } from "../core/dual.ts";
import { Prefix } from "../core/prefix.ts";

/** The engine's own address on a segment's IPv6 prefix: out of the way of routers, which count from the start. */
const ENGINE_OFFSET = 0xfffen;

/** The smallest pair of prefixes that will do. */
export interface Least {
  /** The family in which a pair is smaller than that, if any. */
  readonly tooSmall: (pair: DualPrefix) => "ipv4" | "ipv6" | undefined;
  readonly words: string;
}

/** Of a line: two addresses in each family, one for each end. */
export const LEAST_LINE: Least = {
  tooSmall: ({ ipv4, ipv6 }) => (ipv4.size < 2n ? "ipv4" : ipv6.size < 2n ? "ipv6" : undefined),
  words: "a line: a /31 and a /127 at least",
};

/**
 * Of a segment on an engine. That takes an address of each family for itself, and none of IPv4 that is the network's or
 * broadcast (Docker refuses a /31: "No available addresses on this pool"): with two routers that is a /29. Hosts stand
 * equally far into both prefixes, so that the IPv6 one has as many.
 */
export const LEAST_SEGMENT: Least = {
  tooSmall: ({ ipv4, ipv6 }) =>
    ipv4.size < 8n ? "ipv4" : ipv6.size < ipv4.size ? "ipv6" : undefined,
  words:
    "a segment on an engine: a /29 at least, for the engine has an address of its own on it, and as many addresses of IPv6",
};

/**
 * How far the first host stands from the start: 1, past the network or subnet-router anycast address. Of two addresses
 * neither is one of these, and both are hosts (RFC 3021 for /31, RFC 6164 for /127).
 */
export function firstHostOffset(prefix: Prefix): bigint {
  return prefix.size <= 2n ? 0n : 1n;
}

/** On a line without an engine, network and broadcast are nobody's; of two addresses, neither is one. */
export function lineReserved({ first, size }: Prefix): readonly Prefix[] {
  return size <= 2n ? [] : [first, first + size - 1n].map((end) => Prefix.of(4, end, 32));
}

/** On a segment, network, first host (the router's), the engine's own and broadcast are nobody else's. */
export function reservedHosts({ first, size }: Prefix): readonly Prefix[] {
  const offsets = new Set([0n, 1n, size - 2n, size - 1n]);
  return [...offsets].map((offset) => Prefix.of(4, first + offset, 32));
}

/** The address that the engine takes for itself on a segment that it builds; the ledger sees to it that there is room. */
export function engineAddress({ ipv4, ipv6 }: DualPrefix): DualAddress {
  const offset = ipv6.size > ENGINE_OFFSET ? ENGINE_OFFSET : ipv6.size - 2n;
  return {
    ipv4: Address.inside(ipv4, ipv4.size - 2n),
    ipv6: Address.inside(ipv6, offset),
  };
}

/** The IPv6 host that belongs to an IPv4 one: the same count from the first; undefined where the prefix ends before. */
export function hostBeside(ipv4: Prefix, segment: DualPrefix): Prefix | undefined {
  const count = ipv4.first - segment.ipv4.first - firstHostOffset(segment.ipv4);
  const offset = count + firstHostOffset(segment.ipv6);
  if (offset < 0n || offset >= segment.ipv6.size) return undefined;
  return Prefix.of(6, segment.ipv6.first + offset, 128);
}

/** The first host is its router's, the last the engine's own: an address that is pinned there would be used twice. */
export function standsRight(pinned: Prefix, segment: Prefix, offset?: bigint): boolean {
  const at = pinned.first - segment.first;
  if (offset !== undefined) return at === offset;
  return !segment.contains(pinned) || (at > 1n && at < segment.size - 2n);
}

/** The same in words: what the inventory asks for. */
export function wantedHost(segment: Prefix, offset?: bigint): string {
  if (offset !== undefined) return `${Prefix.of(4, segment.first + offset, 32).text}, its router's`;
  return `a host of ${segment.text} that is neither its router's nor the engine's`;
}
