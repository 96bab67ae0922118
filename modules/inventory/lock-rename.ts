import type { Lock, LockEntry } from "./model.ts";

/** Old slug to new one. */
export type Renames = ReadonlyMap<string, string>;

/** What `was:` says in the files of agencies and VPS. */
export function renamesOf(
  things: readonly { readonly name: string; readonly was?: string | undefined }[],
): Renames {
  return new Map(things.flatMap(({ name, was }) => (was === undefined ? [] : [[was, name]])));
}

/**
 * The lock as it reads after the renames: what was allocated to the old slug is the new one's. A line that the new one
 * has already stays, so that a `was:` may stand for as long as one likes.
 */
export function renameLock({ entries }: Lock, renames: Renames): Lock {
  if (renames.size === 0) return { entries };
  const renamed = new Map<string, LockEntry>();
  for (const [key, entry] of entries) {
    const name = renamedKey(key, renames);
    const own = entries.get(name);
    if (name === key || own === undefined) renamed.set(name, entry);
    else if (own.value !== entry.value) renamed.set(key, entry);
  }
  return { entries: renamed };
}

/** `transit/access-parakan/old` to `transit/access-parakan/new`; POPs' shares carry names of their own. */
export function renamedKey(key: string, renames: Renames): string {
  const [kind, ...names] = key.split("/");
  if (kind === "aggregate" || kind === "freed") return key;
  return [kind, ...names.map((name) => renames.get(name) ?? name)].join("/");
}
