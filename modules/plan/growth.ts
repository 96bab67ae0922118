import { Prefix } from "../core/prefix.ts";
import type { PrefixSet } from "../core/prefix-set.ts";

/** A pinned prefix made larger in place, or what keeps it from that. */
export type Growth =
  | { readonly grown: Prefix }
  /** The larger prefix would leave this space: a pool or a POP's share. */
  | { readonly grown: Prefix; readonly leaves: Prefix }
  /** Somebody else stands in the larger prefix. */
  | { readonly grown: Prefix; readonly obstacle: Prefix };

/**
 * The prefix of this shorter length that contains the pinned one: devices keep their addresses. It must stay inside
 * the pool and, where a POP's share holds the pinned one, inside that: what crosses its edge is in no one's aggregate.
 */
export function growInPlace(
  pinned: Prefix,
  length: number,
  pool: Prefix,
  networks: PrefixSet,
  shares: PrefixSet,
): Growth {
  const bits = BigInt((pinned.family === 4 ? 32 : 128) - length);
  const grown = Prefix.of(pinned.family, (pinned.first >> bits) << bits, length);
  if (!pool.contains(grown)) return { grown, leaves: pool };
  const share = shares.overlapping(grown);
  if (share !== undefined && !share.contains(grown)) return { grown, leaves: share };
  const obstacle = networks.allOverlapping(grown).find((other) => other.text !== pinned.text);
  return obstacle === undefined ? { grown } : { grown, obstacle };
}
