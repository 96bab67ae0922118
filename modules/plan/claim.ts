import type { Place } from "../core/diagnostic.ts";
import type { DualPrefix } from "../core/dual.ts";
import { parseFreedKey } from "../inventory/lock-freed.ts";
import type { AllocationKind } from "./allocation.ts";

/** Who wants something, for the lock's key and for the finding when it cannot be had. */
export interface Claim {
  readonly kind: AllocationKind;
  readonly owner: string;
  /** Slug of the thing; the owner's own when absent. */
  readonly name?: string;
  /** Where in the inventory the wish comes from. */
  readonly at: Place;
}

/** Prefixes and addresses overlap by design (an address lies in a LAN, a LAN in an aggregate): each has its layer. */
export type Layer = "aggregate" | "network" | "address";

/** A server keeps its lines whoever owns it. */
const NAMED_ALONE: ReadonlySet<AllocationKind> = new Set(["vps", "colocation", "service"]);

/** `kind/owner`, and `/name` where the name says more. */
export function keyOf({ kind, owner, name }: Claim): string {
  if (name === undefined || name === owner) return `${kind}/${owner}`;
  return NAMED_ALONE.has(kind) ? `${kind}/${name}` : `${kind}/${owner}/${name}`;
}

/** The layer of a key in the lock; a /32 is an address whatever its key says. */
export function layerOf(key: string, pair?: DualPrefix): Layer {
  const resting = parseFreedKey(key);
  if (resting !== undefined) return layerOf(resting.key, pair);
  if (key.startsWith("aggregate/")) return "aggregate";
  return pair?.ipv4.length === 32 || isAddressKey(key) ? "address" : "network";
}

/** An AS number, in use or at rest; all other lines are pairs of prefixes. */
export function isAsnKey(key: string): boolean {
  return (parseFreedKey(key)?.key ?? key).startsWith("asn/");
}

function isAddressKey(key: string): boolean {
  const [kind, ...rest] = key.split("/");
  if (kind === "transit" || kind === "tenant") return rest.length === 2;
  return kind !== "lan";
}
