import { parseFreedKey } from "../inventory/lock-freed.ts";
import type { Lock, LockEntry } from "../inventory/model.ts";

/**
 * The lock's lines as the plan reads them: what rests is taken like everything else, and pinned again for whoever left
 * it behind and comes back. Of two that the same thing left behind, it comes back to the later one.
 */
export function withResting({ entries }: Lock): ReadonlyMap<string, LockEntry> {
  const lines = new Map<string, LockEntry>();
  const latest = new Map<string, string>();
  for (const key of entries.keys()) {
    const resting = parseFreedKey(key);
    const other = resting && latest.get(resting.key);
    if (resting === undefined || entries.has(resting.key)) continue;
    if (other === undefined || other < key) latest.set(resting.key, key);
  }
  for (const [key, entry] of entries) {
    const resting = parseFreedKey(key);
    // A merge can bring back a line beside its freed twin: it is one thing.
    if (resting !== undefined && entries.get(resting.key)?.value === entry.value) continue;
    lines.set(resting !== undefined && latest.get(resting.key) === key ? resting.key : key, entry);
  }
  return lines;
}
