import { compareTexts } from "../core/diagnostic.ts";
import type { Vps } from "../inventory/model.ts";

/** Servers whose owners classify them higher come first among those that wait for nobody. */
const RANKS = { rahasia: 0, terbatas: 1, terbuka: 2 } as const;

/**
 * The order in which servers are brought back: whom others ask (`egress: { to: NAME }`) before those who ask, and where
 * that says nothing by classification and name. Where two ask each other, neither waits.
 */
export function recoveryOrder(vps: readonly Vps[]): readonly Vps[] {
  const waiting = vps.toSorted(
    (a, b) => RANKS[a.classification] - RANKS[b.classification] || compareTexts(a.name, b.name),
  );
  const ordered: Vps[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex((one) => !waiting.some((other) => asks(one, other)));
    ordered.push(...waiting.splice(Math.max(0, free), 1));
  }
  return ordered;
}

function asks(one: Vps, other: Vps): boolean {
  return one !== other && one.egress.some(({ to }) => to.kind === "vps" && to.name === other.name);
}
