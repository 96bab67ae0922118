import type { DualAddress, DualPrefix } from "../core/dual.ts";

/** Kinds that `simpul ip list` shows (DESIGN section 10); `aggregate` and `asn` are pinned in the lock only. */
export type AllocationKind =
  | "lan"
  | "transit"
  | "loopback"
  | "tenant"
  | "vps"
  | "colocation"
  | "service"
  | "management"
  | "aggregate";

/** One pinned pair of prefixes or addresses. */
export interface Allocation {
  /** Key in the lock: `kind/owner` or `kind/owner/name`. */
  readonly key: string;
  readonly kind: AllocationKind;
  /** Slug of whom it serves: an agency, a POP, a segment. */
  readonly owner: string;
  /** Slug of the thing itself. */
  readonly name: string;
  readonly at: DualPrefix | DualAddress;
  /** False when the lock did not know it yet. */
  readonly locked: boolean;
}
