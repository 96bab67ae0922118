import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";

import { LOCK_FILE, lockText, TRUST_ANCHORS_FILE } from "./lock-file.ts";
import type { Lock } from "./model.ts";

/** Which kabupaten's folder. */
interface Folder {
  readonly inventory: string;
  readonly kabupaten: string;
}

/** Adds lines to a kabupaten's `ip-plan.lock.yaml`; gives the file when it changed. */
export function writeLock(
  folder: Folder,
  lock: Lock,
  added: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  return addLines(folder, LOCK_FILE, lock, added);
}

/** Adds lines to a kabupaten's `dns/trust-anchors.yaml`: the DS of keys that were made for its zones. */
export function writeTrustAnchors(
  folder: Folder,
  anchors: Lock,
  added: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  return addLines(folder, TRUST_ANCHORS_FILE, anchors, added);
}

/** Written beside and renamed, so that a power cut leaves the old or the new one; the draft's name is one that the loader passes over. */
async function addLines(
  { inventory, kabupaten }: Folder,
  name: string,
  lock: Lock,
  added: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (added.size === 0) return [];
  const kept = [...lock.entries].map(([key, { value }]) => [key, value] as const);
  const file = path.join(inventory, kabupaten, name);
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.new`);
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(lockText(new Map([...kept, ...added]), HEADERS[name]));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  return [file];
}

const HEADERS: Readonly<Record<string, string>> = {
  [LOCK_FILE]: `# Addresses and AS numbers that are allocated and must not move. Written by: npx simpul ip lock
# One line per allocation, sorted, so that two branches merge. Do not edit by hand.
`,
  [TRUST_ANCHORS_FILE]: `# DS of each zone's key-signing key (RFC 4034 section 5): key tag, algorithm, digest type, digest. Written by: npx simpul deploy
# The keys themselves are secrets on the machine that deploys; without them this file is all that is left of the chain of trust.
`,
};
