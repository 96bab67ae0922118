import type { Diagnostic } from "../core/diagnostic.ts";
import { stableHash } from "../core/stable-hash.ts";
import type { Inventory } from "../inventory/model.ts";
import { asnUnreadable } from "./plan-findings.ts";
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
  const pinned = new Map<string, number>();
  const findings: Diagnostic[] = [];
  for (const [key, { value, at }] of lock.entries) {
    if (!key.startsWith("asn/")) continue;
    const asn = /^\d{10}$/.test(value) ? Number(value) : NaN;
    if (asn >= first && asn < first + PER_KABUPATEN) pinned.set(key.slice(4), asn);
    else findings.push(asnUnreadable(at, key, value, first, first + PER_KABUPATEN - 1));
  }
  const taken = new Set(pinned.values());
  const result = new Map<string, number>();
  for (const key of routers.map(routerKey)) {
    const asn = pinned.get(key) ?? nextFree(taken, first, key);
    taken.add(asn);
    result.set(key, asn);
  }
  return { result, findings };
}

function nextFree(taken: ReadonlySet<number>, first: number, key: string): number {
  let offset = stableHash(`asn/${key}`) % PER_KABUPATEN;
  for (let tried = 0; tried < PER_KABUPATEN; tried++) {
    if (!taken.has(first + offset)) return first + offset;
    offset = (offset + 1) % PER_KABUPATEN;
  }
  throw new RangeError(`more than ${PER_KABUPATEN} routers in one kabupaten`);
}
