import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Dual, DualAddress, DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import { PrefixSet } from "../core/prefix-set.ts";
import type { Lock, LockEntry } from "../inventory/model.ts";
import type { Allocation } from "./allocation.ts";
import { isAsnKey, keyOf, layerOf, type Claim, type Layer } from "./claim.ts";
import { hostsOf, parseLockValue } from "./lock-value.ts";
import { resizeLan } from "./growth.ts";
import { contradictsLock, lockOverlap, lockUnreadable, poolExhausted } from "./plan-findings.ts";
import { withResting } from "./resting.ts";
import { placePrefix } from "./place-prefix.ts";
import { reservedHosts, standsRight, wantedHost } from "./segment-hosts.ts";

/** A line of the lock. */
interface Pinned {
  readonly pair: DualPrefix;
  readonly at: Place;
}

/**
 * Gives out prefixes and addresses once: what the lock pins stays where it is, the rest is placed by the hash of its
 * key. Collects findings instead of throwing; a claim that cannot be met gives undefined.
 */
export class Ledger {
  readonly #pinned = new Map<string, Pinned>();
  readonly #taken: Readonly<Record<Layer, Dual<PrefixSet>>> = {
    aggregate: { ipv4: new PrefixSet(), ipv6: new PrefixSet() },
    network: { ipv4: new PrefixSet(), ipv6: new PrefixSet() },
    address: { ipv4: new PrefixSet(), ipv6: new PrefixSet() },
  };
  /** Whose the networks are, for the finding when one is in another's way. */
  readonly #holders = new Map<Prefix, string>();
  readonly #allocations: Allocation[] = [];
  readonly #findings: Diagnostic[] = [];

  constructor(lock: Lock) {
    for (const [key, entry] of withResting(lock)) if (!isAsnKey(key)) this.#pin(key, entry);
  }

  get findings(): readonly Diagnostic[] {
    return this.#findings;
  }

  /** Everything given out so far, sorted by key. */
  get allocations(): readonly Allocation[] {
    return this.#allocations.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  /**
   * A prefix of each family with these lengths, inside `within` when new. A pinned one may lie anywhere in `pool`:
   * an agency that moves to another POP keeps its LAN.
   */
  network(
    claim: Claim,
    lengths: Dual<number>,
    within: DualPrefix,
    pool: DualPrefix = within,
  ): DualPrefix | undefined {
    const key = keyOf(claim);
    const pinned = this.#pinned.get(key);
    if (pinned !== undefined) return this.#keepNetwork(claim, pinned, pool, lengths);
    const layer = layerOf(key);
    const ipv4 = this.#place(layer, "ipv4", within, lengths.ipv4, key);
    if (ipv4 === undefined) return this.#exhausted(claim, within.ipv4, lengths.ipv4);
    const ipv6 = this.#place(layer, "ipv6", within, lengths.ipv6, key);
    if (ipv6 === undefined) return this.#exhausted(claim, within.ipv6, lengths.ipv6);
    return this.#record(key, claim, { ipv4, ipv6 }, false);
  }

  /**
   * A part of a mirrored pool, in which the IPv6 prefix stands at the same offset as the IPv4 one. `last` asks for
   * the pool's last part instead of the one that the hash chooses.
   */
  part(claim: Claim, length: number, pool: DualPrefix, last = false): DualPrefix | undefined {
    const key = keyOf(claim);
    const lengths = { ipv4: length, ipv6: 96 + length };
    const pinned = this.#pinned.get(key);
    if (pinned !== undefined) return this.#keep(claim, pinned, pool, lengths);
    const taken = this.#taken[layerOf(key)];
    const slots = 1n << BigInt(length - pool.ipv4.length);
    const ipv4 = placePrefix(taken.ipv4, pool.ipv4, length, key, last ? slots - 1n : undefined);
    if (ipv4 === undefined) return this.#exhausted(claim, pool.ipv4, length);
    const ipv6 = mirror(ipv4, pool);
    taken.ipv4.add(ipv4);
    taken.ipv6.add(ipv6);
    return this.#record(key, claim, { ipv4, ipv6 }, false);
  }

  /**
   * One address of each family on a segment, at the same offset in both; `offset` asks for that one (a router's
   * first host), else the hash chooses among those that `usable` allows.
   */
  host(claim: Claim, segment: DualPrefix, offset?: bigint): DualAddress | undefined {
    this.#reserveEnds(segment);
    const pinned = this.#pinned.get(keyOf(claim));
    if (pinned !== undefined && !standsRight(pinned.pair.ipv4, segment.ipv4, offset))
      return this.#contradicts(claim, pinned, "ipv4", wantedHost(segment.ipv4, offset));
    return this.#address(claim, segment.ipv4, segment, offset);
  }

  /** A /32 inside `within`, and the /128 at the same offset from the start of the IPv6 pool as from the IPv4 pool. */
  single(claim: Claim, within: Prefix, pool: DualPrefix): DualAddress | undefined {
    return this.#address(claim, within, pool);
  }

  #address(
    claim: Claim,
    within: Prefix,
    pool: DualPrefix,
    offset?: bigint,
  ): DualAddress | undefined {
    const key = keyOf(claim);
    const lengths = { ipv4: 32, ipv6: 128 };
    const pinned = this.#pinned.get(key);
    if (pinned !== undefined) {
      const kept = this.#keep(claim, pinned, pool, lengths);
      return kept && hostsOf(kept);
    }
    const ipv4 =
      offset === undefined
        ? placePrefix(this.#taken.address.ipv4, within, 32, key)
        : Prefix.of(4, pool.ipv4.first + offset, 32);
    if (ipv4 === undefined) return this.#exhausted(claim, within, 32);
    const ipv6 = mirror(ipv4, pool);
    if (this.#taken.address.ipv4.overlapping(ipv4) === undefined)
      this.#taken.address.ipv4.add(ipv4);
    return hostsOf(this.#record(key, claim, { ipv4, ipv6 }, false));
  }

  /** A pinned LAN that is asked to be larger grows where it is; one that is asked to be smaller does not shrink. */
  #keepNetwork(
    claim: Claim,
    pinned: Pinned,
    pool: DualPrefix,
    lengths: Dual<number>,
  ): DualPrefix | undefined {
    const { ipv4, ipv6 } = pinned.pair;
    if (claim.kind !== "lan" || ipv4.length === lengths.ipv4)
      return this.#keep(claim, pinned, pool, lengths, false);
    const networks = this.#taken.network.ipv4;
    const around = { pool: pool.ipv4, networks, shares: this.#taken.aggregate.ipv4 };
    const { grown, finding } = resizeLan(claim, ipv4, lengths.ipv4, around, this.#holders);
    this.#findings.push(finding);
    if (grown === undefined) return undefined;
    networks.replaceInside(grown);
    this.#holders.set(grown, keyOf(claim));
    return this.#keep(claim, { ...pinned, pair: { ipv4: grown, ipv6 } }, pool, lengths, false);
  }

  /** Whether the lock knows what this claim asks for. */
  isPinned(claim: Claim): boolean {
    return this.#pinned.has(keyOf(claim));
  }

  #reserveEnds({ ipv4 }: DualPrefix): void {
    for (const end of reservedHosts(ipv4))
      if (this.#taken.address.ipv4.overlapping(end) === undefined)
        this.#taken.address.ipv4.add(end);
  }

  #place(
    layer: Layer,
    family: "ipv4" | "ipv6",
    within: DualPrefix,
    length: number,
    key: string,
  ): Prefix | undefined {
    const taken = this.#taken[layer][family];
    const placed = placePrefix(taken, within[family], length, key);
    if (placed === undefined) return undefined;
    taken.add(placed);
    this.#holders.set(placed, key);
    return placed;
  }

  /** `mirrored` pairs stand equally far into both pools: only IPv4 is looked up when the next one is given out. */
  #keep(
    claim: Claim,
    pinned: Pinned,
    pool: DualPrefix,
    lengths: Dual<number>,
    mirrored = true,
  ): DualPrefix | undefined {
    const { pair } = pinned;
    for (const family of ["ipv4", "ipv6"] as const) {
      if (pool[family].contains(pair[family]) && pair[family].length === lengths[family]) continue;
      const wanted = `a /${lengths[family]} inside ${pool[family].text}`;
      return this.#contradicts(claim, pinned, family, wanted);
    }
    if (mirrored && pair.ipv6.text !== mirror(pair.ipv4, pool).text) {
      const wanted = `${mirror(pair.ipv4, pool).text}, which mirrors ${pair.ipv4.text}`;
      return this.#contradicts(claim, pinned, "ipv6", wanted);
    }
    return this.#record(keyOf(claim), claim, pair, true);
  }

  #contradicts(
    claim: Claim,
    { pair, at }: Pinned,
    family: "ipv4" | "ipv6",
    wanted: string,
  ): undefined {
    this.#findings.push(contradictsLock(at, keyOf(claim), pair[family].text, wanted, claim.at));
    return undefined;
  }

  #record(key: string, claim: Claim, pair: DualPrefix, locked: boolean): DualPrefix {
    const { kind, owner, name = owner } = claim;
    const at = layerOf(key) === "address" || pair.ipv4.length === 32 ? hostsOf(pair) : pair;
    this.#allocations.push({ key, kind, owner, name, at, locked });
    return pair;
  }

  #exhausted(claim: Claim, within: Prefix, length: number): undefined {
    const key = keyOf(claim);
    const taken = this.#taken[layerOf(key)][within.family === 4 ? "ipv4" : "ipv6"];
    const free = taken.freeIn(within);
    this.#findings.push(poolExhausted(claim.at, key, claim.kind, within.text, length, free));
    return undefined;
  }

  #pin(key: string, { value, at }: LockEntry): void {
    const pair = parseLockValue(value);
    if (pair instanceof Fault) {
      this.#findings.push(lockUnreadable(at, key, pair));
      return;
    }
    const taken = this.#taken[layerOf(key, pair)];
    for (const family of ["ipv4", "ipv6"] as const) {
      const other = taken[family].overlapping(pair[family]);
      if (other !== undefined) {
        const holder = this.#holders.get(other)!;
        const place = this.#pinned.get(holder)!.at;
        this.#findings.push(lockOverlap(at, key, pair[family].text, holder, other.text, place));
        return;
      }
    }
    for (const family of ["ipv4", "ipv6"] as const) {
      taken[family].add(pair[family]);
      this.#holders.set(pair[family], key);
    }
    this.#pinned.set(key, { pair, at });
  }
}

function mirror(ipv4: Prefix, pool: DualPrefix): Prefix {
  return Prefix.of(6, pool.ipv6.first + (ipv4.first - pool.ipv4.first), 96 + ipv4.length);
}
