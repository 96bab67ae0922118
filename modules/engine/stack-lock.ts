import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { holdFile } from "./file-lock.ts";
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
  const letGo = await holdFile(file);
  if (letGo === undefined) {
    const pid = (await readFile(file, "utf8").catch(() => "")).trim();
    return busy(kabupaten, pid === "" ? "another process" : `process ${pid}`);
  }
  const release = async (): Promise<void> => {
    await removeLeftovers(folder).catch(() => {});
    await letGo();
  };
  try {
    // For people only: who has the lock is the kernel's business.
    await writeFile(file, `${process.pid}\n`);
    for (let waited = 0; await someStateIsHeld(folder); waited++) {
      if (waited >= patienceSeconds) {
        await release();
        return busy(kabupaten, "a terraform");
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await removeLeftovers(folder);
  } catch (error) {
    await release();
    throw error;
  }
  return { release };
}

/** What a killed run left: saved plans, which hold what a state holds and which nobody will apply, and drafts. */
async function removeLeftovers(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => /\.(?:tfplan|new)$/.test(name));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
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
