import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { Fault } from "../core/fault.ts";
import { LOCK_FILE, settledLines } from "./lock-file.ts";

const run = promisify(execFile);
const LARGEST_LOCK_BYTES = 16 * 1024 * 1024;

/** The lines of a kabupaten's lock at a commit of git, none if it had no lock yet; a fault if there is no such commit. */
export async function lockAtCommit(
  { inventory, kabupaten }: { readonly inventory: string; readonly kabupaten: string },
  commit: string,
): Promise<ReadonlyMap<string, string> | Fault> {
  const cwd = path.join(inventory, kabupaten);
  const git = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await run("git", words, { cwd, maxBuffer: LARGEST_LOCK_BYTES });
    return stdout;
  };
  try {
    await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${commit}^{commit}`);
  } catch {
    return new Fault(
      `"${commit}" is no commit that git knows here`,
      "name main as it was before the merge: HEAD^1 after it, main while it is not finished",
    );
  }
  if ((await git("ls-tree", "--name-only", commit, "--", LOCK_FILE)) === "") return new Map();
  return settledLines(await git("show", `${commit}:./${LOCK_FILE}`), new Map());
}
