import type { Diagnostic } from "../core/diagnostic.ts";
import { Prefix } from "../core/prefix.ts";
import type { PrefixSet } from "../core/prefix-set.ts";
import type { Claim } from "./claim.ts";
import { lanCannotGrow, lanCannotShrink, lanGrows } from "./lan-findings.ts";

/** What a LAN that grows must keep to. */
export interface Around {
  readonly pool: Prefix;
  /** LANs and segments, the one that grows among them. */
  readonly networks: PrefixSet;
  /** POPs' shares of the pools. */
  readonly shares: PrefixSet;
}

/**
 * A pinned LAN that is asked to have another length: the larger prefix that contains it, so that devices keep their
 * addresses, or why not. It must stay inside the pool and, where a POP's share holds it, inside that: what crosses a
 * share's edge is in no one's aggregate. None shrinks. `holders` tells whose a network is.
 */
export function resizeLan(
  { owner, at }: Claim,
  pinned: Prefix,
  length: number,
  { pool, networks, shares }: Around,
  holders: ReadonlyMap<Prefix, string>,
): { readonly grown?: Prefix; readonly finding: Diagnostic } {
  if (pinned.length < length) return { finding: lanCannotShrink(at, owner, pinned.text, length) };
  const bits = BigInt((pinned.family === 4 ? 32 : 128) - length);
  const grown = Prefix.of(pinned.family, (pinned.first >> bits) << bits, length);
  const refused = (would: string): { readonly finding: Diagnostic } => ({
    finding: lanCannotGrow(at, owner, pinned.text, grown.text, would),
  });
  if (!pool.contains(grown)) return refused(`leave ${pool.text}`);
  const share = shares.overlapping(grown);
  if (share !== undefined && !share.contains(grown)) return refused(`leave ${share.text}`);
  const obstacle = networks.allOverlapping(grown).find((other) => other.text !== pinned.text);
  if (obstacle !== undefined) return refused(`take ${obstacle.text} of ${holders.get(obstacle)}`);
  return { grown, finding: lanGrows(at, owner, pinned, grown) };
}
