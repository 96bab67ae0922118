import { backupsOf, LIVE_TAG, type ResticSnapshot } from "../engine/restic-snapshots.ts";
import { keptBy, type KeepPolicy } from "./backup-retention.ts";

/** What pruning a repository would do to its snapshots. */
export interface Pruning {
  /** Oldest first: backups that the promise no longer keeps, and the companions of those. */
  readonly going: readonly ResticSnapshot[];
  readonly staying: readonly ResticSnapshot[];
}

/**
 * What may go by a promise: no backup that it keeps, never the newest one, and nothing that is not ours or bears a time to
 * come. A companion goes with its backup.
 * @param now milliseconds since 1970
 */
export function pruningOf(
  snapshots: readonly ResticSnapshot[],
  keep: KeepPolicy,
  now: number,
): Pruning {
  const backups = backupsOf(snapshots);
  // A clock that was wrong must not count as a day of its own.
  const past = backups.filter(({ time }) => Date.parse(time) <= now);
  const kept = keptBy(keep, past);
  const newest = past.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time)).at(-1);
  const gone = new Set(
    past.filter((one) => !kept.has(one.id) && one !== newest).map(({ id }) => id),
  );
  const left = backups.filter(({ id }) => !gone.has(id));
  const leftIds = new Set(
    left.flatMap(({ id, original }) => [id, ...(original ? [original] : [])]),
  );
  const isLeft = (one: ResticSnapshot): boolean => {
    if (gone.has(one.id)) return false;
    const of = one.tags.find((tag) => tag.startsWith("of-"))?.slice("of-".length);
    // The companion of what is still being written has no backup beside it yet: the newest ones stay.
    const isCompanion = one.tags.includes(LIVE_TAG) && of !== undefined;
    return !isCompanion || leftIds.has(of) || Date.parse(one.time) > Date.parse(newest?.time ?? "");
  };
  return {
    going: snapshots.filter((one) => !isLeft(one)),
    staying: snapshots.filter(isLeft),
  };
}
