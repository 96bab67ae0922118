import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { CalendarDate } from "../core/calendar-date.ts";
import { Fault } from "../core/fault.ts";
import { LOCK_FILE, settledLines } from "../inventory/lock-file.ts";
import type { LockChange, LockHistory } from "../plan/lock-history.ts";

const run = promisify(execFile);
const LARGEST_HISTORY_BYTES = 256 * 1024 * 1024;
const COMMIT = "simpul-commit ";

/**
 * When each line of a kabupaten's lock came to this branch and when it went: by the day on which its commit, or the
 * merge that brought it, was made (UTC). A fault where git does not know the folder.
 */
export async function lockHistory({
  inventory,
  kabupaten,
}: {
  readonly inventory: string;
  readonly kabupaten: string;
}): Promise<LockHistory | Fault> {
  const git = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await run("git", ["--no-optional-locks", ...words], {
      cwd: path.join(inventory, kabupaten),
      env: { ...process.env, TZ: "UTC", GIT_TERMINAL_PROMPT: "0" },
      maxBuffer: LARGEST_HISTORY_BYTES,
    });
    return stdout;
  };
  try {
    const isShallow = (await git("rev-parse", "--is-shallow-repository")).trim() === "true";
    const hasCommit = await git("rev-parse", "--verify", "--quiet", "HEAD").catch(() => "");
    if (hasCommit === "") return { changes: [], isShallow };
    return { changes: changesIn(await git(...LOG)), isShallow };
  } catch (error) {
    return noHistory(error as NodeJS.ErrnoException);
  }
}

/** A merge counts once, with all that it brought, and not again with its branch's own commits. */
const LOG = [
  "log",
  "--reverse",
  "--first-parent",
  "--diff-merges=first-parent",
  "--date=format-local:%Y-%m-%d",
  `--format=${COMMIT}%cd`,
  "--patch",
  "--unified=0",
  "--no-renames",
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--",
  LOCK_FILE,
];

function changesIn(log: string): readonly LockChange[] {
  return log
    .split(new RegExp(`^${COMMIT}`, "m"))
    .slice(1)
    .map((commit) => {
      const [date = "", ...patch] = commit.split("\n");
      const day = CalendarDate.parse(date);
      if (day instanceof Fault) throw new Error(`git wrote the date ${date}`);
      return { day, added: linesWith("+", patch), removed: linesWith("-", patch) };
    });
}

function linesWith(sign: "+" | "-", patch: readonly string[]): LockChange["added"] {
  const lines = patch.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  return [...settledLines(lines.join("\n"), new Map())];
}

function noHistory({ code }: NodeJS.ErrnoException): Fault {
  return code === "ENOENT"
    ? new Fault(
        "git is not installed, and only git knows when a line of the lock came",
        "install git",
      )
    : new Fault(
        "the inventory stands in no git repository that can be read here",
        "run it in a clone of the repository",
      );
}
