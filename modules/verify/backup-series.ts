import type { BackupProblem } from "./backup-problem.ts";

/** One backup in time; all in milliseconds since 1970. */
export interface SeriesEntry {
  readonly id: string;
  /** By the clock of who took it. */
  readonly takenAt: number;
  /** When its file came to the server, by the server's clock; absent where that says nothing (a copy). */
  readonly writtenAt?: number;
}

export interface Series {
  readonly entries: readonly SeriesEntry[];
  readonly everySeconds: number;
  /** By the clock of the host on which the server stands. */
  readonly now: number;
  /** Since when each backup was noted, so that pruned ones are known too; absent before the first proof. */
  readonly watchedSince?: number;
  /** Seconds that a copy may lag behind. */
  readonly lagSeconds?: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Beyond it, two clocks are not the same. */
const CLOCK_TOLERANCE = 5 * MINUTE;
/** No backup of a VPS takes longer between its beginning and its last file. */
const LONGEST_BACKUP = 20 * HOUR;
/** Older gaps were said in their time. */
const LOOK_BACK = 14 * DAY;

/** For jitter of the schedule and the time that a backup takes: half of `every`, from 15 minutes to 6 hours. */
export function graceSeconds(everySeconds: number): number {
  return Math.min(6 * 3600, Math.max(15 * 60, everySeconds / 2));
}

/** Is the newest one young enough, is none missing in between, and do the clocks agree? */
export function judgeSeries(series: Series): readonly BackupProblem[] {
  const clock = clockProblems(series);
  // What a wrong clock makes of age and gaps is no finding of its own.
  if (clock.length > 0) return clock;
  return [...ageProblem(series), ...gapProblems(series)];
}

function clockProblems({ entries, now }: Series): readonly BackupProblem[] {
  const ahead = entries.findLast(
    ({ takenAt, writtenAt }) => takenAt - Math.min(writtenAt ?? now, now) > CLOCK_TOLERANCE,
  );
  if (ahead !== undefined)
    return [clockProblem(ahead, ahead.takenAt - Math.min(ahead.writtenAt ?? now, now), "ahead")];
  const behind = entries.findLast(
    ({ takenAt, writtenAt }) => writtenAt !== undefined && writtenAt - takenAt > LONGEST_BACKUP,
  );
  return behind === undefined
    ? []
    : [clockProblem(behind, behind.writtenAt! - behind.takenAt, "behind")];
}

function clockProblem({ id }: SeriesEntry, by: number, side: "ahead" | "behind"): BackupProblem {
  return {
    id: "backup-clock",
    severity: "error",
    what: `snapshot ${shortId(id)} carries a time ${timeWords(by)} ${side} of the server's clock`,
    why: "what was taken when, and what may be pruned, follows from these times",
    fix: "set the clocks of the runner's and the server's host by NTP, then take a backup: simpul backup run",
  };
}

function ageProblem({ entries, everySeconds, now, lagSeconds = 0 }: Series): BackupProblem[] {
  const newest = entries.at(-1);
  if (newest === undefined)
    return [
      {
        id: "backup-none",
        severity: "error",
        what: "there is no backup at all",
        why: "what was never backed up cannot be restored",
        fix: "see that its runner stands and reaches the server (simpul verify vps, simpul drift); it takes the first one by itself",
      },
    ];
  const age = now - newest.takenAt;
  const allowed = (everySeconds + graceSeconds(everySeconds) + lagSeconds) * 1000;
  if (age <= allowed) return [];
  return [
    {
      id: "backup-stale",
      severity: "error",
      what: `the newest backup is ${timeWords(age)} old, and one is due every ${timeWords(everySeconds * 1000)}`,
      why: "whatever was written since then would be lost (recovery point objective)",
      fix: "look why the runner takes none: its console, the room on the server's volume, the way to the server",
    },
  ];
}

function gapProblems(series: Series): readonly BackupProblem[] {
  const { entries, now } = series;
  return entries.slice(1).flatMap((entry, at): readonly BackupProblem[] => {
    const before = entries[at]!;
    const gap = entry.takenAt - before.takenAt;
    if (entry.takenAt < now - LOOK_BACK || gap <= longestGap(series, before)) return [];
    return [
      {
        id: "backup-gap",
        severity: "warning",
        what: `no backup was taken for ${timeWords(gap)}, from ${moment(before.takenAt)} to ${moment(entry.takenAt)}`,
        why: "backups are owed periodically, not when it happens to work",
        fix: "look what kept the runner from it then; what was lost of that time cannot be brought back",
      },
    ];
  });
}

/** Pruning keeps one of a day: gaps between backups that were thinned out before anybody noted them may be longer. */
function longestGap({ everySeconds, watchedSince }: Series, from: SeriesEntry): number {
  const every = everySeconds * 1000;
  const grace = graceSeconds(everySeconds) * 1000;
  const isWatched = watchedSince !== undefined && from.takenAt >= watchedSince;
  if (isWatched && every >= DAY) return every + grace;
  return Math.max(2 * DAY, 2 * every) + grace;
}

export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** `2026-11-23 02:10 UTC`. */
export function moment(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `3.2 days`, `5.5 h`, `12 min`. */
export function timeWords(milliseconds: number): string {
  if (milliseconds >= 2 * DAY) return `${tenths(milliseconds / DAY)} days`;
  if (milliseconds >= 2 * HOUR) return `${tenths(milliseconds / HOUR)} h`;
  return `${Math.round(milliseconds / MINUTE)} min`;
}

function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}
