import type { CalendarDate } from "../core/calendar-date.ts";

/** What one commit, or several of one day, did to the lock. */
export interface LockChange {
  readonly day: CalendarDate;
  /** Key and value of each line. */
  readonly added: readonly (readonly [string, string])[];
  readonly removed: readonly (readonly [string, string])[];
}

/** How the lock came to be what it is, as far as git knows. */
export interface LockHistory {
  /** In the order in which they came to the branch. */
  readonly changes: readonly LockChange[];
  /** A clone that was cut off: its first change holds all that was there before. */
  readonly isShallow: boolean;
}

/** How many of these lines no commit has yet. */
export function uncommittedLines(
  { changes }: LockHistory,
  lines: ReadonlyMap<string, string>,
): number {
  const committed = new Map<string, string>();
  for (const { added, removed } of changes) {
    for (const [key] of removed) committed.delete(key);
    for (const [key, value] of added) committed.set(key, value);
  }
  return [...lines].filter(([key, value]) => committed.get(key) !== value).length;
}
