import { Prefix } from "../core/prefix.ts";

/** Network, first host (the router's), the engine's own and broadcast are nobody else's. */
export function reservedHosts({ first, size }: Prefix): readonly Prefix[] {
  return [0n, 1n, size - 2n, size - 1n].map((offset) => Prefix.of(4, first + offset, 32));
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
