import { rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { LOCK_FILE, lockText } from "./lock-file.ts";
import type { Lock } from "./model.ts";

/**
 * Adds lines to a kabupaten's lock. Written beside and renamed, so that a power cut leaves the old or the new one.
 */
export async function writeLock(
  { inventory, kabupaten }: { readonly inventory: string; readonly kabupaten: string },
  lock: Lock,
  added: ReadonlyMap<string, string>,
): Promise<void> {
  if (added.size === 0) return;
  const kept = [...lock.entries].map(([key, { value }]) => [key, value] as const);
  const file = path.join(inventory, kabupaten, LOCK_FILE);
  await writeFile(`${file}.new`, lockText(new Map([...kept, ...added])));
  await rename(`${file}.new`, file);
}
