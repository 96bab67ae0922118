import type { BackupProblem } from "./backup-problem.ts";
import { moment, shortId } from "./backup-series.ts";

/** How many of each are kept, as `restic forget` understands it. */
export interface KeepPolicy {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export interface NotedSnapshot {
  readonly id: string;
  /** RFC 3339 with the offset of who took it: pruning counts days by that. */
  readonly time: string;
}

/**
 * Ids that the policy keeps out of a series: of each of the last days, weeks and months that have a snapshot, the
 * newest one.
 */
export function keptBy(policy: KeepPolicy, series: readonly NotedSnapshot[]): ReadonlySet<string> {
  const newestFirst = series.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));
  const kept = new Set<string>();
  for (const [count, bucketOf] of [
    [policy.daily, dayOf],
    [policy.weekly, weekOf],
    [policy.monthly, monthOf],
  ] as const) {
    const buckets = new Set<string>();
    for (const { id, time } of newestFirst) {
      const bucket = bucketOf(time);
      if (buckets.has(bucket)) continue;
      if (buckets.size >= count) break;
      buckets.add(bucket);
      kept.add(id);
    }
  }
  return kept;
}

/** The weaker of two promises: what an earlier policy allowed to go is not missed by a stricter one. */
export function weakerPolicy(one: KeepPolicy, other: KeepPolicy): KeepPolicy {
  return {
    daily: Math.min(one.daily, other.daily),
    weekly: Math.min(one.weekly, other.weekly),
    monthly: Math.min(one.monthly, other.monthly),
  };
}

export interface Retention {
  readonly policy: KeepPolicy;
  readonly present: readonly NotedSnapshot[];
  /** Of earlier looks. */
  readonly noted: readonly NotedSnapshot[];
  /** Ids that something else speaks of: companions, and copies at the other site. */
  readonly mentioned: readonly NotedSnapshot[];
}

/** Are the snapshots that should still be there, there? */
export function judgeRetention(retention: Retention): {
  readonly problems: readonly BackupProblem[];
  /** What to note for the next look: those that are there, and those that are missed. */
  readonly noted: readonly NotedSnapshot[];
} {
  const { policy, present, noted, mentioned } = retention;
  const all = new Map([...mentioned, ...noted, ...present].map((one) => [one.id, one]));
  const there = new Set(present.map(({ id }) => id));
  const kept = keptBy(policy, [...all.values()]);
  const lost = [...all.values()].filter(({ id }) => kept.has(id) && !there.has(id));
  return {
    problems: lost.map(({ id, time }) => ({
      id: "backup-snapshot-lost",
      severity: "error",
      what: `snapshot ${shortId(id)} of ${moment(Date.parse(time))} is gone, and keep (daily ${policy.daily}, weekly ${policy.weekly}, monthly ${policy.monthly}) promises it`,
      why: "only the Dinas prunes, by this promise: somebody else deleted it, or the server lost it",
      fix: "see whether the other site still has it (simpul backup list; simpul restore --from drc), and find out who had access to the server's volume",
    })),
    noted: [...present, ...lost],
  };
}

function dayOf(time: string): string {
  return time.slice(0, "2026-11-23".length);
}

function monthOf(time: string): string {
  return time.slice(0, "2026-11".length);
}

/** ISO 8601: the week belongs to the year of its Thursday. */
function weekOf(time: string): string {
  const date = new Date(`${dayOf(time)}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7));
  const firstOfYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  return `${date.getUTCFullYear()}-${1 + Math.floor((date.getTime() - firstOfYear) / 604_800_000)}`;
}
