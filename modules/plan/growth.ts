import type { Diagnostic } from "../core/diagnostic.ts";
import { Prefix } from "../core/prefix.ts";
import type { PrefixSet } from "../core/prefix-set.ts";
import { keyOf, type Claim } from "./claim.ts";
import { lanCannotGrow, lanCannotShrink, lanGrows } from "./lan-findings.ts";
import type { Pinned, Taken } from "./pinned-lines.ts";
import { shareCannotGrow, shareGrows } from "./share-findings.ts";

/** Makes pinned LANs and POPs' shares larger where they are. `findings` are added to. */
export class Growth {
  constructor(
    readonly taken: Taken,
    /** Whose each prefix is. */
    readonly holders: Map<Prefix, string>,
    readonly findings: Diagnostic[],
  ) {}

  /** The line as it is to be: unchanged where its length is what is asked for; undefined where a finding says why not. */
  of(claim: Claim, pinned: Pinned, length: number, pool: Prefix): Pinned | undefined {
    const { ipv4 } = pinned.pair;
    const { network, aggregate } = this.taken;
    if (claim.kind === "lan" && ipv4.length !== length) {
      const around = { pool, networks: network.ipv4, shares: aggregate.ipv4 };
      const resized = resizeLan(claim, ipv4, length, around, this.holders);
      return this.#grow(claim, pinned, network.ipv4, resized);
    }
    if (claim.kind === "aggregate" && ipv4.length > length) {
      const around = { pool, networks: aggregate.ipv4 };
      return this.#grow(
        claim,
        pinned,
        aggregate.ipv4,
        growShare(claim, ipv4, length, around, this.holders),
      );
    }
    return pinned;
  }

  #grow(
    claim: Claim,
    pinned: Pinned,
    among: PrefixSet,
    { grown, finding }: Grown,
  ): Pinned | undefined {
    this.findings.push(finding);
    if (grown === undefined) return undefined;
    among.replaceInside(grown);
    this.holders.set(grown, keyOf(claim));
    return { ...pinned, pair: { ...pinned.pair, ipv4: grown } };
  }
}

interface Grown {
  readonly grown?: Prefix;
  readonly finding: Diagnostic;
}

/** What something that grows must keep to. */
interface Around {
  readonly pool: Prefix;
  /** Its like, the one that grows among them: LANs and segments, or shares. */
  readonly networks: PrefixSet;
  /** POPs' shares of the pools, whose edges a LAN does not cross. */
  readonly shares?: PrefixSet;
}

/**
 * A pinned LAN that is asked to have another length: the larger prefix that contains it, so that devices keep their
 * addresses, or why not. It must stay inside the pool and, where a POP's share holds it, inside that: what crosses a
 * share's edge is in no one's aggregate. None shrinks. `holders` tells whose a network is.
 */
function resizeLan(
  { owner, at }: Claim,
  pinned: Prefix,
  length: number,
  around: Around,
  holders: ReadonlyMap<Prefix, string>,
): Grown {
  if (pinned.length < length) return { finding: lanCannotShrink(at, owner, pinned.text, length) };
  const grown = containing(pinned, length);
  const would = obstacle(pinned, grown, around, holders);
  return would === undefined
    ? { grown, finding: lanGrows(at, owner, pinned, grown) }
    : { finding: lanCannotGrow(at, owner, pinned.text, grown.text, would) };
}

/** A POP's share that is asked to be larger: LANs in it stay where they are, and new ones have room. */
function growShare(
  claim: Claim,
  pinned: Prefix,
  length: number,
  around: Around,
  holders: ReadonlyMap<Prefix, string>,
): Grown {
  const grown = containing(pinned, length);
  const would = obstacle(pinned, grown, around, holders);
  return would === undefined
    ? { grown, finding: shareGrows(claim, pinned.text, grown.text) }
    : { finding: shareCannotGrow(claim, pinned.text, grown.text, would) };
}

function containing({ family, first }: Prefix, length: number): Prefix {
  const bits = BigInt((family === 4 ? 32 : 128) - length);
  return Prefix.of(family, (first >> bits) << bits, length);
}

/** What growing would do to others, undefined when nothing. */
function obstacle(
  pinned: Prefix,
  grown: Prefix,
  { pool, networks, shares }: Around,
  holders: ReadonlyMap<Prefix, string>,
): string | undefined {
  if (!pool.contains(grown)) return `leave ${pool.text}`;
  const share = shares?.overlapping(grown);
  if (share !== undefined && !share.contains(grown)) return `leave ${share.text}`;
  const other = networks.allOverlapping(grown).find(({ text }) => text !== pinned.text);
  return other && `take ${other.text} of ${holders.get(other)}`;
}
