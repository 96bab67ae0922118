import type { Diagnostic, Place } from "../core/diagnostic.ts";
import { stableHash } from "../core/stable-hash.ts";
import type { Inventory, Lock } from "../inventory/model.ts";
import { isAsnKey } from "./claim.ts";
import { asnsExhausted, asnTwice, asnUnreadable } from "./plan-findings.ts";
import { withResting } from "./resting.ts";
import { routerKey, type RouterSeat } from "./topology.ts";

/** First private 4-byte ASN (RFC 6996 section 5). */
const FIRST_PRIVATE = 4_200_000_000;
/**
 * ASNs for each Kemendagri code of four digits: 9,999 of them fit into the 94,967,295 private ones, so that no two
 * kabupaten in Indonesia share an ASN and a province may join them one day.
 */
const PER_KABUPATEN = 9_000;

/** Gives every router an ASN of its kabupaten's own range; keys as `routerKey`. */
export function allocateAsns(
  { kabupaten, lock }: Inventory,
  routers: readonly RouterSeat[],
): { readonly result: ReadonlyMap<string, number>; readonly findings: readonly Diagnostic[] } {
  const first = FIRST_PRIVATE + Number(kabupaten.code.replace(".", "")) * PER_KABUPATEN;
  const { pinned, findings } = pinnedAsns(lock, first);
  const taken = new Set(pinned.values());
  const result = new Map<string, number>();
  for (const router of routers) {
    const key = routerKey(router);
    const asn = pinned.get(key) ?? nextFree(taken, first, key);
    if (asn === undefined) {
      findings.push(asnsExhausted(router.at, key, PER_KABUPATEN));
      continue;
    }
    taken.add(asn);
    result.set(key, asn);
  }
  return { result, findings };
}

function pinnedAsns(
  lock: Lock,
  first: number,
): { readonly pinned: ReadonlyMap<string, number>; readonly findings: Diagnostic[] } {
  const pinned = new Map<string, number>();
  const lines = new Map<number, { readonly key: string; readonly at: Place }>();
  const findings: Diagnostic[] = [];
  for (const [key, { value, at }] of withResting(lock)) {
    if (!isAsnKey(key)) continue;
    const asn = /^\d{10}$/.test(value) ? Number(value) : NaN;
    const other = lines.get(asn);
    if (!(asn >= first && asn < first + PER_KABUPATEN))
      findings.push(asnUnreadable(at, key, value, first, first + PER_KABUPATEN - 1));
    else if (other !== undefined)
      findings.push(asnTwice(other.at, other.key, asn, at), asnTwice(at, key, asn, other.at));
    else {
      pinned.set(key.slice("asn/".length), asn);
      lines.set(asn, { key, at });
    }
  }
  return { pinned, findings };
}

function nextFree(taken: ReadonlySet<number>, first: number, key: string): number | undefined {
  let offset = stableHash(`asn/${key}`) % PER_KABUPATEN;
  for (let tried = 0; tried < PER_KABUPATEN; tried++) {
    if (!taken.has(first + offset)) return first + offset;
    offset = (offset + 1) % PER_KABUPATEN;
  }
  return undefined;
}
