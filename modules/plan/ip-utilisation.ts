import type { DualPrefix } from "../core/dual.ts";
import type { Prefix } from "../core/prefix.ts";
import { PrefixSet } from "../core/prefix-set.ts";
import { POOL_NAMES, type Inventory, type PoolName } from "../inventory/model.ts";
import { occupied, type Occupied } from "./ip-occupied.ts";
import { ipv6Pool, mirroredPool } from "./ipv6-pools.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";

/** How full one pool, or one POP's share of it, is in one family. */
export interface SpaceUse {
  readonly pool: PoolName;
  /** Whose share: a POP, or `core` for core routers and gateways; absent for the whole pool. */
  readonly share?: string;
  readonly prefix: string;
  /** What is counted: IPv6 networks are counted, the addresses in one are as good as endless. */
  readonly unit: "address" | "/64";
  readonly used: number;
  readonly free: number;
  /** Of the units, to one decimal. */
  readonly percent: number;
  /** Absent when nothing is free. */
  readonly largestFree?: string;
}

/** Pools of single addresses: the IPv6 one stands at the same offset as the IPv4 one. */
const SINGLES: readonly PoolName[] = ["loopback", "management", "service"];

/**
 * Every pool, or this one, and POPs' shares below it. Of a pool that POPs share, their shares count as used: what is
 * free in it is what another POP could be given.
 */
export function utilisation(
  inventory: Inventory,
  plan: KabupatenPlan,
  only?: PoolName,
): readonly SpaceUse[] {
  const taken = occupied(plan, inventory.lock);
  return POOL_NAMES.filter((pool) => only === undefined || pool === only).flatMap((pool) => {
    const inside = taken.filter(({ layer }) => layer !== "aggregate");
    const shares = plan.allocations.filter(
      ({ kind, name }) => kind === "aggregate" && name === pool,
    );
    return [
      ...useOf({ pool }, poolPair(inventory, pool), taken),
      ...shares.flatMap(({ owner, at }) => useOf({ pool, share: owner }, at as DualPrefix, inside)),
    ];
  });
}

/** Both families' prefixes of a pool; of single addresses, the part of IPv6 in which they stand. */
function poolPair({ kabupaten }: Inventory, pool: PoolName): DualPrefix {
  const { pools, ipv6 } = kabupaten.addressing;
  const pair = { ipv4: pools.get(pool)!, ipv6: ipv6Pool(ipv6, pool) };
  return SINGLES.includes(pool) ? mirroredPool(pair) : pair;
}

function useOf(
  space: Pick<SpaceUse, "pool" | "share">,
  pair: DualPrefix,
  taken: readonly Occupied[],
): readonly SpaceUse[] {
  return (["ipv4", "ipv6"] as const).map((family) => {
    const whole = pair[family];
    const set = coveredBy(
      whole,
      taken.map((each) => each.pair[family]),
    );
    const unit = family === "ipv6" && !SINGLES.includes(space.pool) ? "/64" : "address";
    const size = unit === "/64" ? 1n << 64n : 1n;
    const free = Number(set.freeIn(whole) / size);
    const used = Number(whole.size / size) - free;
    const largest = set.largestFreeIn(whole);
    return {
      ...space,
      prefix: whole.text,
      unit,
      used,
      free,
      percent: Math.round((used / (used + free)) * 1000) / 10,
      ...(largest !== undefined && { largestFree: largest.text }),
    };
  });
}

/** Members inside the space, without those that lie in another (a host in its segment, a LAN in a share). */
function coveredBy(space: Prefix, prefixes: readonly Prefix[]): PrefixSet {
  const set = new PrefixSet();
  for (const prefix of prefixes.toSorted((a, b) => a.length - b.length))
    if (space.overlaps(prefix) && set.overlapping(prefix) === undefined) set.add(prefix);
  return set;
}
