import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Dual, DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import type { Prefix } from "../core/prefix.ts";
import { PrefixSet } from "../core/prefix-set.ts";
import type { Lock } from "../inventory/model.ts";
import { isAsnKey, layerOf, type Layer } from "./claim.ts";
import { parseLockValue } from "./lock-value.ts";
import { lockOverlap, lockUnreadable } from "./plan-findings.ts";
import { withResting } from "./resting.ts";

/** A line of the lock. */
export interface Pinned {
  readonly pair: DualPrefix;
  readonly at: Place;
}

/** What is given out, by layer and family. */
export type Taken = Readonly<Record<Layer, Dual<PrefixSet>>>;

/** A lock as the ledger begins with it. */
export interface PinnedLines {
  readonly pinned: ReadonlyMap<string, Pinned>;
  readonly taken: Taken;
  /** Whose each prefix is, for the finding when one is in another's way. */
  readonly holders: Map<Prefix, string>;
  readonly findings: readonly Diagnostic[];
}

/** Reads a lock's lines, those that rest included; of two that overlap the first stays, and the other is a finding. */
export function pinLines(lock: Lock): PinnedLines {
  const pinned = new Map<string, Pinned>();
  const holders = new Map<Prefix, string>();
  const taken = nothingTaken();
  const findings: Diagnostic[] = [];
  for (const [key, { value, at }] of withResting(lock)) {
    if (isAsnKey(key)) continue;
    const pair = parseLockValue(value);
    if (pair instanceof Fault) {
      findings.push(lockUnreadable(at, key, pair));
      continue;
    }
    const layer = taken[layerOf(key, pair)];
    const clash = (["ipv4", "ipv6"] as const)
      .map((family) => ({ own: pair[family], other: layer[family].overlapping(pair[family]) }))
      .find(({ other }) => other !== undefined);
    if (clash?.other !== undefined) {
      const holder = holders.get(clash.other)!;
      const place = pinned.get(holder)!.at;
      findings.push(lockOverlap(at, key, clash.own.text, holder, clash.other.text, place));
      continue;
    }
    for (const family of ["ipv4", "ipv6"] as const) {
      layer[family].add(pair[family]);
      holders.set(pair[family], key);
    }
    pinned.set(key, { pair, at });
  }
  return { pinned, taken, holders, findings };
}

function nothingTaken(): Taken {
  const none = (): Dual<PrefixSet> => ({ ipv4: new PrefixSet(), ipv6: new PrefixSet() });
  return { aggregate: none(), network: none(), address: none() };
}
