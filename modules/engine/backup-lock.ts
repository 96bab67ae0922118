import { mkdir } from "node:fs/promises";
import path from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { holdFile } from "./file-lock.ts";

/**
 * Takes the kabupaten's backups for one run: whoever reads repositories without a lock of restic's, and whoever prunes
 * them, never meet. However this process ends, the lock ends with it.
 * @param local `.simpul`
 * @returns what lets it go, or who has it
 */
export async function holdBackups(
  local: string,
  kabupaten: string,
  patienceSeconds = 0,
): Promise<(() => Promise<void>) | Diagnostic> {
  const folder = path.join(local, "backup", kabupaten);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, "lock");
  return (await holdFile(file, patienceSeconds)) ?? busy(kabupaten);
}

function busy(kabupaten: string): Diagnostic {
  return {
    id: "backups-busy",
    severity: "error",
    what: `another process verifies or prunes the backups of ${kabupaten} at this moment`,
    why: "pruning takes away what a proof is just reading",
    fix: "wait until it has ended, then run the same command again",
  };
}
