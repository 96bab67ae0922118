import type { Lock } from "../inventory/model.ts";
import type { KabupatenPlan } from "./kabupaten-plan.ts";
import { lockValue } from "./lock-value.ts";

/** Every line that the lock should have for this plan, by key. */
export function lockEntries(plan: KabupatenPlan): ReadonlyMap<string, string> {
  const addresses = plan.allocations.map(({ key, at }) => [key, lockValue(at)] as const);
  const asns = [...plan.asns].map(([key, asn]) => [`asn/${key}`, String(asn)] as const);
  return new Map([...addresses, ...asns].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Those of the plan's lines that the lock does not have yet, or has with another value: a LAN that grew. */
export function newLockEntries(plan: KabupatenPlan, lock: Lock): ReadonlyMap<string, string> {
  return new Map(
    [...lockEntries(plan)].filter(([key, value]) => lock.entries.get(key)?.value !== value),
  );
}
