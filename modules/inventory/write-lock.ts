import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";

import { LOCK_FILE, lockText, TRUST_ANCHORS_FILE } from "./lock-file.ts";
import { withoutReturned } from "./lock-freed.ts";
import type { Lock } from "./model.ts";

/** Which kabupaten's folder. */
interface Folder {
  readonly inventory: string;
  readonly kabupaten: string;
}

/** Writes the lock as it was read, renames included, and what is new; gives the file when it changed. */
export function writeLock(
  folder: Folder,
  lock: Lock,
  added: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const entries = linesOf(lock, added);
  return entries.size === 0 ? Promise.resolve([]) : writeLines(folder, LOCK_FILE, entries);
}

/** Replaces all lines of a kabupaten's `ip-plan.lock.yaml`; gives the file when it changed. */
export function rewriteLock(
  folder: Folder,
  entries: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  return writeLines(folder, LOCK_FILE, entries);
}

/** The lock as it stands in the file, also where it cannot be read as a lock; nothing when there is none. */
export function lockFileText({ inventory, kabupaten }: Folder): Promise<string> {
  return textOf(path.join(inventory, kabupaten, LOCK_FILE));
}

/** Adds lines to a kabupaten's `dns/trust-anchors.yaml`: the DS of keys that were made for its zones. */
export function writeTrustAnchors(
  folder: Folder,
  anchors: Lock,
  added: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (added.size === 0) return Promise.resolve([]);
  return writeLines(folder, TRUST_ANCHORS_FILE, linesOf(anchors, added));
}

function linesOf(lock: Lock, added: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const kept = [...lock.entries].map(([key, { value }]) => [key, value] as const);
  return withoutReturned(new Map([...kept, ...added]));
}

/** Written beside and renamed, so that a power cut leaves the old or the new one; the draft's name is one that the loader passes over. */
async function writeLines(
  { inventory, kabupaten }: Folder,
  name: string,
  entries: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const file = path.join(inventory, kabupaten, name);
  const text = lockText(entries, HEADERS[name]);
  if ((await textOf(file)) === text) return [];
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.new`);
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  return [file];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const HEADERS: Readonly<Record<string, string>> = {
  [LOCK_FILE]: `# Addresses and AS numbers that are allocated and must not move. Written by: npx simpul ip lock
# One line per allocation, sorted, so that two branches merge. Do not edit by hand.
`,
  [TRUST_ANCHORS_FILE]: `# DS of each zone's key-signing key (RFC 4034 section 5): key tag, algorithm, digest type, digest. Written by: npx simpul deploy
# The keys themselves are secrets on the machine that deploys; without them this file is all that is left of the chain of trust.
`,
};
