import { CalendarDate } from "../core/calendar-date.ts";

/** Days for which nobody is given what a thing left behind: caches, firewalls elsewhere and notebooks still know it. */
export const REST_DAYS = 30;

const FREED = /^freed\/(\d{4}-\d{2}-\d{2})\/(.+)$/;

/** A line of a thing that left the inventory: `freed/2026-11-23/lan/dinas-lama`. */
export interface FreedKey {
  readonly since: CalendarDate;
  /** As it was: `lan/dinas-lama`. */
  readonly key: string;
}

/** Reads such a key; undefined for a line in use, or one whose date does not exist. */
export function parseFreedKey(text: string): FreedKey | undefined {
  const [, date, key] = FREED.exec(text) ?? [];
  if (date === undefined || key === undefined) return undefined;
  const since = CalendarDate.parse(date);
  return since instanceof CalendarDate ? { since, key } : undefined;
}

/** The lock's lines after a day: what changed, by the key as it was. */
export interface LockTurn {
  readonly entries: ReadonlyMap<string, string>;
  /** In no plan any more: marked today. */
  readonly freed: readonly string[];
  /** Rested long enough: gone from the lock. */
  readonly released: readonly string[];
}

/**
 * Marks lines that the plan does not have (`planned`: its lines) as freed today, and releases those that have rested.
 * What came back meanwhile has its line again.
 */
export function turnLock(
  lines: ReadonlyMap<string, string>,
  planned: ReadonlyMap<string, string>,
  today: CalendarDate,
): LockTurn {
  const entries = new Map(planned);
  const freed: string[] = [];
  const released: string[] = [];
  for (const [text, value] of lines) {
    if (planned.has(text)) continue;
    const resting = parseFreedKey(text);
    if (resting === undefined) {
      freed.push(text);
      entries.set(`freed/${today.text}/${text}`, value);
    } else if (planned.get(resting.key) === value) continue;
    else if (resting.since.daysUntil(today) >= REST_DAYS) released.push(resting.key);
    else entries.set(text, value);
  }
  return { entries, freed, released };
}

/** Lines without those that rest for a thing that is there again with the same value. */
export function withoutReturned(lines: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...lines].filter(([text, value]) => {
      const resting = parseFreedKey(text);
      return resting === undefined || lines.get(resting.key) !== value;
    }),
  );
}
