import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { stateFiles, stateIsHeld } from "./stack-state.ts";

export interface StackLock {
  release(): Promise<void>;
}

/**
 * Takes the kabupaten's states for one run, which keeps its saved plans beside them. Two runs of simpul never meet, and a terraform that
 * somebody else started (plain `cdktf deploy`, or one that outlived a killed simpul) is waited for: what it is just
 * creating is in no state yet, and would look like something left behind.
 * @param folder the kabupaten's state folder
 */
export async function lockStates(
  folder: string,
  kabupaten: string,
  patienceSeconds = 120,
): Promise<StackLock | Diagnostic> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "simpul.lock");
  const ours = `${process.pid} ${await startOf(process.pid)}`;
  if (!(await create(file, ours))) {
    const theirs = await readFile(file, "utf8").catch(() => "");
    const [pid = "", start = ""] = theirs.trim().split(" ");
    // A pid alone may have gone to somebody else since; its start time has not.
    if (start !== "" && (await startOf(Number(pid))) === start)
      return busy(kabupaten, `process ${pid}`);
    await rm(file, { force: true });
    if (!(await create(file, ours))) return busy(kabupaten, "another process");
  }
  const release = async (): Promise<void> => {
    await removePlans(folder).catch(() => {});
    await rm(file, { force: true });
  };
  const lock = { release };
  for (let waited = 0; await someStateIsHeld(folder); waited++) {
    if (waited >= patienceSeconds) {
      await lock.release();
      return busy(kabupaten, "a terraform");
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await removePlans(folder);
  return lock;
}

/** Saved plans that a killed run left: they hold what a state holds, and nobody will apply them. */
async function removePlans(folder: string): Promise<void> {
  const plans = (await readdir(folder)).filter((name) => name.endsWith(".tfplan"));
  await Promise.all(plans.map((name) => rm(join(folder, name), { force: true })));
}

async function create(file: string, text: string): Promise<boolean> {
  return writeFile(file, text, { flag: "wx", mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
}

/** Start of a process in clock ticks since boot (proc(5), field 22); empty when there is none. */
async function startOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The program's name, in parentheses, may contain spaces.
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

async function someStateIsHeld(folder: string): Promise<boolean> {
  const held = await Promise.all((await stateFiles(folder)).map(stateIsHeld));
  return held.includes(true);
}

function busy(kabupaten: string, who: string): Diagnostic {
  return {
    id: "states-busy",
    severity: "error",
    what: `${who} is changing ${kabupaten} at this moment`,
    why: "two runs that change the same things would undo each other's work",
    fix: "wait until it has ended, then run the same command again",
  };
}
