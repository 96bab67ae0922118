import type { DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import { parseFreedKey } from "../inventory/lock-freed.ts";
import type { Lock } from "../inventory/model.ts";
import { isAsnKey, layerOf, type Layer } from "./claim.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";
import { parseLockValue } from "./lock-value.ts";

/** A pair of prefixes that nobody else is given: planned, or pinned for something that is gone. */
export interface Occupied {
  readonly key: string;
  readonly layer: Layer;
  readonly pair: DualPrefix;
  /** False when only the lock still knows it. */
  readonly planned: boolean;
}

/** What the ledger would not give out again: every allocation, and the lock's lines of things that are gone. */
export function occupied(plan: KabupatenPlan, lock: Lock): readonly Occupied[] {
  const planned = plan.allocations.map(({ key, at: { ipv4, ipv6 } }) => {
    const pair = {
      ipv4: ipv4 instanceof Prefix ? ipv4 : Prefix.host(ipv4),
      ipv6: ipv6 instanceof Prefix ? ipv6 : Prefix.host(ipv6),
    };
    return { key, layer: layerOf(key, pair), pair, planned: true };
  });
  const known = new Set(planned.map(({ key }) => key));
  const isKnown = (key: string): boolean => known.has(parseFreedKey(key)?.key ?? key);
  const gone = [...lock.entries].flatMap(([key, { value }]): Occupied[] => {
    const pair = isKnown(key) || isAsnKey(key) ? undefined : parseLockValue(value);
    if (pair === undefined || pair instanceof Fault) return [];
    return [{ key, layer: layerOf(key, pair), pair, planned: false }];
  });
  return [...planned, ...gone];
}
