import { randomBytes } from "node:crypto";
import { link, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes a file that is not there yet: into a draft beside, whose name the loader passes over, and linked to its name
 * when it is whole on the disk. Gives false, and leaves everything as it was, when something has this name already.
 */
export async function writeNewFile(folder: string, file: string, text: string): Promise<boolean> {
  const target = join(folder, file);
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${randomBytes(6).toString("hex")}.draft`);
  try {
    const handle = await open(draft, "wx", 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Unlike rename(2), link(2) never takes the place of what is there.
    await link(draft, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
