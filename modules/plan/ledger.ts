import type { Diagnostic } from "../core/diagnostic.ts";
import type { Dual, DualAddress, DualPrefix } from "../core/dual.ts";
import { Prefix } from "../core/prefix.ts";
import type { Inventory, Lock } from "../inventory/model.ts";
import type { Allocation } from "./allocation.ts";
import { keyOf, layerOf, type Claim, type Layer } from "./claim.ts";
import { Exhaustion } from "./exhaustion.ts";
import { Growth } from "./growth.ts";
import { hostsOf } from "./lock-value.ts";
import { pinLines, type Pinned, type Taken } from "./pinned-lines.ts";
import { addressTaken, contradictsLock } from "./plan-findings.ts";
import { placePrefix } from "./place-prefix.ts";
import {
  type Least,
  firstHostOffset,
  hostBeside,
  lineReserved,
  reservedHosts,
  standsRight,
  wantedHost,
} from "./segment-hosts.ts";

/**
 * Gives out prefixes and addresses once: what the lock pins stays where it is, the rest is placed by the hash of its
 * key. Collects findings instead of throwing; a claim that cannot be met gives undefined. `addressing` names the pools
 * in what is said of a full one.
 */
export class Ledger {
  readonly #pinned: ReadonlyMap<string, Pinned>;
  readonly #taken: Taken;
  readonly #holders: Map<Prefix, string>;
  readonly #growth: Growth;
  readonly #exhaustion: Exhaustion;
  readonly #allocations: Allocation[] = [];
  readonly #findings: Diagnostic[];

  constructor(lock: Lock, addressing?: Inventory["kabupaten"]["addressing"]) {
    const { pinned, taken, holders, findings } = pinLines(lock);
    this.#pinned = pinned;
    this.#taken = taken;
    this.#holders = holders;
    this.#findings = [...findings];
    this.#growth = new Growth(taken, holders, this.#findings);
    this.#exhaustion = new Exhaustion(taken, holders, lock, addressing);
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
    const pinned = this.#pinned.get(keyOf(claim));
    return pinned === undefined
      ? this.#newNetwork(claim, lengths, within)
      : this.#keepNetwork(claim, pinned, pool, lengths);
  }

  /**
   * A segment of the pool. A pinned one keeps the lengths that it has, for numbers that were there before the plan are
   * imported as they are, down to the `least` on which there is room for what must stand there.
   */
  segment(
    claim: Claim,
    lengths: Dual<number>,
    pool: DualPrefix,
    least: Least,
  ): DualPrefix | undefined {
    const pinned = this.#pinned.get(keyOf(claim));
    if (pinned === undefined) return this.#newNetwork(claim, lengths, pool);
    const small = least.tooSmall(pinned.pair);
    if (small !== undefined) return this.#contradicts(claim, pinned, small, least.words);
    const own = { ipv4: pinned.pair.ipv4.length, ipv6: pinned.pair.ipv6.length };
    return this.#keep(claim, pinned, pool, own);
  }

  /**
   * A part of a mirrored pool, in which the IPv6 prefix stands at the same offset as the IPv4 one. `last` asks for
   * the pool's last part instead of the one that the hash chooses.
   */
  part(claim: Claim, length: number, pool: DualPrefix, last = false): DualPrefix | undefined {
    const key = keyOf(claim);
    const taken = this.#taken[layerOf(key)];
    const pinned = this.#pinned.get(key);
    if (pinned !== undefined) {
      const kept = this.#growth.of(claim, pinned, length, pool.ipv4);
      if (kept === undefined) return undefined;
      const { ipv4 } = kept.pair;
      const pair = kept === pinned ? pinned.pair : { ipv4, ipv6: mirror(ipv4, pool) };
      const lengths = { ipv4: length, ipv6: 96 + length };
      return this.#keep(claim, { ...kept, pair }, pool, lengths, (from) => mirror(from, pool));
    }
    const slots = 1n << BigInt(length - pool.ipv4.length);
    const ipv4 = placePrefix(taken.ipv4, pool.ipv4, length, key, last ? slots - 1n : undefined);
    if (ipv4 === undefined) return this.#exhausted(claim, pool.ipv4, length);
    const ipv6 = mirror(ipv4, pool);
    for (const [family, prefix] of [
      ["ipv4", ipv4],
      ["ipv6", ipv6],
    ] as const) {
      taken[family].add(prefix);
      this.#holders.set(prefix, key);
    }
    return this.#record(key, claim, { ipv4, ipv6 }, false);
  }

  /**
   * One address of each family on a segment, equally far from the first host in both; `offset` asks for that one (a
   * router's first host), else the hash chooses among those that are nobody else's.
   */
  host(claim: Claim, segment: DualPrefix, offset?: bigint): DualAddress | undefined {
    for (const end of reservedHosts(segment.ipv4)) this.#take(end);
    const pinned = this.#pinned.get(keyOf(claim));
    if (pinned !== undefined && !standsRight(pinned.pair.ipv4, segment.ipv4, offset))
      return this.#contradicts(claim, pinned, "ipv4", wantedHost(segment.ipv4, offset));
    return this.#address(claim, segment.ipv4, segment, (ipv4) => hostBeside(ipv4, segment), {
      only: offset,
    });
  }

  /** An end of a point-to-point line, the first that is free: nothing is reserved for a hub or an engine. */
  lineEnd(claim: Claim, line: DualPrefix): DualAddress | undefined {
    for (const end of lineReserved(line.ipv4)) this.#take(end);
    const first = firstHostOffset(line.ipv4);
    return this.#address(claim, line.ipv4, line, (ipv4) => hostBeside(ipv4, line), { first });
  }

  /** A /32 inside `within`, and the /128 at the same offset from the start of the IPv6 pool as from the IPv4 pool. */
  single(claim: Claim, within: Prefix, pool: DualPrefix): DualAddress | undefined {
    return this.#address(claim, within, pool, (ipv4) => mirror(ipv4, pool));
  }

  /** This very address of a mirrored pool, and the IPv6 one beside it; `taken` names who has it by other means. */
  chosen(claim: Claim, wanted: Prefix, pool: DualPrefix, taken?: string): DualAddress | undefined {
    const pinned = this.#pinned.get(keyOf(claim));
    const held = this.#taken.address.ipv4.overlapping(wanted);
    if (pinned !== undefined && pinned.pair.ipv4.text !== wanted.text)
      return this.#contradicts(claim, pinned, "ipv4", wanted.text);
    const holder = taken ?? (held && pinned === undefined ? this.#holders.get(held) : undefined);
    if (holder === undefined) return this.single(claim, wanted, pool);
    this.#findings.push(addressTaken(claim.at, keyOf(claim), wanted.text, holder));
    return undefined;
  }

  /** Whether the lock knows what this claim asks for. */
  isPinned(claim: Claim): boolean {
    return this.#pinned.has(keyOf(claim));
  }

  #address(
    claim: Claim,
    within: Prefix,
    pool: DualPrefix,
    beside: (ipv4: Prefix) => Prefix | undefined,
    { only, first }: { readonly only?: bigint | undefined; readonly first?: bigint } = {},
  ): DualAddress | undefined {
    const key = keyOf(claim);
    const pinned = this.#pinned.get(key);
    if (pinned !== undefined) {
      const kept = this.#keep(claim, pinned, pool, { ipv4: 32, ipv6: 128 }, beside);
      return kept && hostsOf(kept);
    }
    const ipv4 =
      only === undefined
        ? placePrefix(this.#taken.address.ipv4, within, 32, key, first)
        : Prefix.of(4, pool.ipv4.first + only, 32);
    if (ipv4 === undefined) return this.#exhausted(claim, within, 32);
    const ipv6 = beside(ipv4);
    if (ipv6 === undefined) return this.#exhausted(claim, pool.ipv6, 128);
    this.#take(ipv4);
    return hostsOf(this.#record(key, claim, { ipv4, ipv6 }, false));
  }

  #take(ipv4: Prefix): void {
    const { address } = this.#taken;
    if (address.ipv4.overlapping(ipv4) === undefined) address.ipv4.add(ipv4);
  }

  #newNetwork(claim: Claim, lengths: Dual<number>, within: DualPrefix): DualPrefix | undefined {
    const key = keyOf(claim);
    const layer = layerOf(key);
    const ipv4 = this.#place(layer, "ipv4", within, lengths.ipv4, key);
    if (ipv4 === undefined) return this.#exhausted(claim, within.ipv4, lengths.ipv4);
    const ipv6 = this.#place(layer, "ipv6", within, lengths.ipv6, key);
    if (ipv6 === undefined) return this.#exhausted(claim, within.ipv6, lengths.ipv6);
    return this.#record(key, claim, { ipv4, ipv6 }, false);
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

  /** A pinned LAN or share that is asked to be larger grows where it is. */
  #keepNetwork(
    claim: Claim,
    pinned: Pinned,
    pool: DualPrefix,
    lengths: Dual<number>,
  ): DualPrefix | undefined {
    const kept = this.#growth.of(claim, pinned, lengths.ipv4, pool.ipv4);
    return kept && this.#keep(claim, kept, pool, lengths);
  }

  /** `beside` gives the IPv6 prefix that belongs to the IPv4 one, where that is not free to choose. */
  #keep(
    claim: Claim,
    pinned: Pinned,
    pool: DualPrefix,
    lengths: Dual<number>,
    beside?: (ipv4: Prefix) => Prefix | undefined,
  ): DualPrefix | undefined {
    const { pair } = pinned;
    for (const family of ["ipv4", "ipv6"] as const) {
      if (pool[family].contains(pair[family]) && pair[family].length === lengths[family]) continue;
      const wanted = `a /${lengths[family]} inside ${pool[family].text}`;
      return this.#contradicts(claim, pinned, family, wanted);
    }
    const belongs = beside?.(pair.ipv4);
    if (beside !== undefined && pair.ipv6.text !== belongs?.text) {
      const wanted =
        belongs === undefined
          ? `a host of ${pool.ipv6.text}, which has none beside ${pair.ipv4.text}`
          : `${belongs.text}, which mirrors ${pair.ipv4.text}`;
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
    this.#findings.push(this.#exhaustion.finding(claim, within, length));
    return undefined;
  }
}

function mirror(ipv4: Prefix, pool: DualPrefix): Prefix {
  return Prefix.of(6, pool.ipv6.first + (ipv4.first - pool.ipv4.first), 96 + ipv4.length);
}
