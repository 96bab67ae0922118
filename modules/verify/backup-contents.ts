import type { BackupProblem } from "./backup-problem.ts";

/** One record that is not the same in the manifest and in what was restored; empty where one of them has none. */
export interface RestoredDifference {
  /** Below `/backup`, control characters and % as %XX: `files/srv/www/index.html`. */
  readonly path: string;
  readonly expected: string;
  readonly restored: string;
}

/** What came of comparing a restored snapshot with its manifest. */
export interface RestoredContents {
  /** Files of the server, by the manifest. */
  readonly files: number;
  readonly bytes: number;
  /** Paths that changed while they were read, and the bytes of those that are files. */
  readonly live: number;
  readonly liveBytes: number;
  /** How many records differ, of which the first are listed. */
  readonly differing: number;
  readonly differences: readonly RestoredDifference[];
}

/** Reads what `simpul-proof compare` prints; undefined where it did not come to its end. */
export function readComparison(output: string): RestoredContents | undefined {
  const differences: RestoredDifference[] = [];
  let totals: readonly number[] | undefined;
  for (const record of output.split("\0")) {
    if (record.startsWith("totals\t")) totals = record.split("\t").slice(1).map(Number);
    if (!record.startsWith("differs\n")) continue;
    // Control characters of a path stand as %XX: it holds no separator.
    const [, path = "", expected = "", restored = ""] = record.split("\n");
    differences.push({ path, expected, restored });
  }
  if (totals?.length !== 5 || totals.some((one) => !Number.isSafeInteger(one))) return undefined;
  const [files = 0, bytes = 0, live = 0, liveBytes = 0, differing = 0] = totals;
  return { files, bytes, live, liveBytes, differing, differences };
}

/** Fields of a record behind its path, as `simpul-proof plain` writes them. */
const FIELDS = ["kind", "mode", "owner", "group", "size", "time", "content"] as const;

/** What differs about one path: `is missing`, `content`, `mode, owner`. */
export function differenceWords({ expected, restored }: RestoredDifference): string {
  if (restored === "") return "is missing";
  if (expected === "") return "is in no manifest";
  const [want, have] = [expected.split("\t"), restored.split("\t")];
  const differ = FIELDS.filter((_, at) => want[at] !== have[at]);
  return `differs in ${differ.join(", ")}`;
}

/** A share above which one cannot speak of a backup of one moment; small numbers say nothing. */
const MOST_LIVE_SHARE = 0.1;
const FEW_FILES = 20;
const SHOWN = 3;

/** Is what was restored what was backed up? */
export function judgeContents(
  contents: RestoredContents,
  snapshot: string,
): readonly BackupProblem[] {
  const { differing, differences, files, bytes, live, liveBytes } = contents;
  const problems: BackupProblem[] = [];
  if (differing > 0) {
    const shown = differences
      .slice(0, SHOWN)
      .map((one) => `${printablePath(one.path)} ${differenceWords(one)}`);
    const more = differing > shown.length ? `; and ${differing - shown.length} more` : "";
    problems.push({
      id: "backup-differs",
      severity: "error",
      what: `${differing} of what was restored of snapshot ${snapshot} is not as its manifest says: ${shown.join("; ")}${more}`,
      why: "the manifest was taken from the files themselves; one of the two is not what was there",
      fix: "take a backup and prove it (simpul backup run, simpul verify backup); if it differs again, look at the disks of both hosts",
    });
  }
  const byCount = live > FEW_FILES && live > files * MOST_LIVE_SHARE;
  const byBytes = live > FEW_FILES && liveBytes > bytes * MOST_LIVE_SHARE;
  if (byCount || byBytes)
    problems.push({
      id: "backup-live-share",
      severity: "warning",
      what: `${live} of ${files} files changed while they were read, ${percent(liveBytes, bytes)} of all bytes`,
      why: "what changes meanwhile is not compared, and may be of two moments",
      fix: "back such data up by its own tool (databases), or at an hour when nobody writes",
    });
  return problems;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 100)} %`;
}

/** A tenant's name for a file may hold anything; a terminal is not to obey it. */
export function printablePath(path: string): string {
  const shown = path.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD]/gu, "?");
  return shown.length > 120 ? `${shown.slice(0, 117)}...` : shown;
}

/** Amounts of two proven backups. */
export interface Amounts {
  readonly files: number;
  readonly bytes: number;
}

const GIBIBYTE = 2 ** 30;

/** Did what is backed up vanish, or grow beyond what one would expect, since the last proof? */
export function judgeAmounts(before: Amounts | undefined, now: Amounts): readonly BackupProblem[] {
  if (before === undefined) return [];
  if (before.files > 0 && now.files === 0)
    return [
      jump(
        before,
        "backup-vanished",
        `nothing is backed up any more: the proven backup before had ${before.files} files`,
        "error",
      ),
    ];
  const vanished =
    (before.files > FEW_FILES && now.files < before.files / 2) ||
    (before.bytes > 10 * 2 ** 20 && now.bytes < before.bytes / 2);
  if (vanished)
    return [
      jump(
        before,
        "backup-shrunk",
        `it shrank from ${amount(before)} to ${amount(now)}`,
        "warning",
      ),
    ];
  const grown =
    (now.files > 10_000 && now.files > before.files * 3) ||
    (now.bytes > GIBIBYTE && now.bytes > before.bytes * 3);
  return grown
    ? [jump(before, "backup-grown", `it grew from ${amount(before)} to ${amount(now)}`, "warning")]
    : [];
}

function jump(
  { files }: Amounts,
  id: string,
  what: string,
  severity: BackupProblem["severity"],
): BackupProblem {
  return {
    id,
    severity,
    what,
    why: `data that goes or comes at once is often deleted, or encrypted by somebody else; the last proof counted ${files} files`,
    fix: "ask the agency whether it meant to; simpul restore --at brings back what was there",
  };
}

function amount({ files, bytes }: Amounts): string {
  return `${files} files with ${Math.round(bytes / 2 ** 20)} MiB`;
}
