import { lstatSync, readdirSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A draft that old belongs to a run that was killed. */
const STALE = 60_000;

/** True when something of this name is there, were it a link to nowhere. */
export function isTaken(directory: string, name: string): boolean {
  return lstatSync(join(directory, name), { throwIfNoEntry: false }) !== undefined;
}

/**
 * Writes a new kabupaten's folder: into a draft beside, whose name the loader passes over, and renamed when it is whole.
 * Gives false, and leaves everything as it was, when a folder with files in it came to be there meanwhile.
 */
export async function writeKabupaten(
  directory: string,
  name: string,
  files: ReadonlyMap<string, string>,
  now = Date.now(),
): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  await forgetStaleDrafts(directory, name, now);
  const draft = await mkdtemp(join(directory, `.${name}.draft-`));
  try {
    const whole = join(draft, name);
    for (const folder of new Set([...files.keys()].map((file) => dirname(join(whole, file)))))
      await mkdir(folder, { recursive: true });
    for (const [file, text] of files) await writeFile(join(whole, file), text, { flag: "wx" });
    await rename(whole, join(directory, name));
    return true;
  } catch (error) {
    if (ALREADY_THERE.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Of rename(2), when the new name is a folder that is not empty, or a file. */
const ALREADY_THERE: ReadonlySet<string> = new Set(["EEXIST", "ENOTEMPTY", "ENOTDIR"]);

async function forgetStaleDrafts(directory: string, name: string, now: number): Promise<void> {
  for (const entry of readdirSync(directory)) {
    if (!entry.startsWith(`.${name}.draft-`)) continue;
    const draft = join(directory, entry);
    const made = statSync(draft, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - made > STALE) await rm(draft, { recursive: true, force: true });
  }
}
