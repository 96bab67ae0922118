import type { Diagnostic } from "../core/diagnostic.ts";
import { compareTexts } from "../core/diagnostic.ts";
import type { Inventory, Lock, LockEntry } from "../inventory/model.ts";
import { makePlan } from "./make-plan.ts";

/** A lock after a merge in which nothing contradicts what was there before. */
export interface RepairedLock {
  readonly lock: Lock;
  /** Keys whose lines gave way, sorted: the plan gives them new addresses. */
  readonly gaveWay: readonly string[];
}

/**
 * Settles a lock that git has merged. What stood in the lock at `kept` (main before the merge) may be in use and stays;
 * a line that came with a branch was a proposal, and gives way wherever the plan cannot have both. Deterministic:
 * branches merged in any order into the same main give way alike.
 */
export function repairLock(inventory: Inventory, kept: ReadonlyMap<string, string>): RepairedLock {
  let entries = keptFirst(inventory.lock, kept);
  const gaveWay: string[] = [];
  for (;;) {
    const lock = { entries: new Map(entries) };
    const { findings } = makePlan({ ...inventory, lock });
    const wrong = new Set(findings.filter(isAboutLine).map(({ at }) => at?.line));
    const yielding = entries.filter(
      ([key, { value, at }]) => wrong.has(at.line) && kept.get(key) !== value,
    );
    if (yielding.length === 0) return { lock, gaveWay: gaveWay.toSorted(compareTexts) };
    gaveWay.push(...yielding.map(([key]) => key));
    const keys = new Set(gaveWay);
    // A line of main that the branch changed falls back; one that is all the branch's goes.
    entries = entries.flatMap(([key, entry]) => {
      const before = kept.get(key);
      if (!keys.has(key)) return [[key, entry] as const];
      return before === undefined ? [] : [[key, { ...entry, value: before }] as const];
    });
    entries = keptFirst({ entries: new Map(entries) }, kept);
  }
}

/** The first of two that overlap is the one that stays: lines of `kept`, then in the order of keys. */
function keptFirst(
  { entries }: Lock,
  kept: ReadonlyMap<string, string>,
): readonly (readonly [string, LockEntry])[] {
  const isKept = ([key, { value }]: readonly [string, LockEntry]): boolean =>
    kept.get(key) === value;
  const all = [...entries].toSorted(([a], [b]) => compareTexts(a, b));
  return [...all.filter(isKept), ...all.filter((entry) => !isKept(entry))];
}

const ABOUT_LINES = [
  "lock-overlap",
  "lock-asn-twice",
  "lock-contradicts-inventory",
  "lock-unreadable",
];

function isAboutLine({ id }: Diagnostic): boolean {
  return ABOUT_LINES.includes(id);
}
