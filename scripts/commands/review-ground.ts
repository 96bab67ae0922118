import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { compareTexts } from "../../modules/core/diagnostic.ts";
import type { PlanPermissions, ReviewGround } from "../../modules/engine/reviewed-plan.ts";
import type { CommonOptions } from "../output.ts";

/** What a plan is made on, as it is at this moment. */
export async function reviewGround(
  { inventory, kabupaten }: CommonOptions,
  permissions: PlanPermissions,
): Promise<ReviewGround> {
  const folder = path.join(inventory, kabupaten);
  return {
    kabupaten,
    commit: await commitOf(folder),
    inventory: await hashOf(folder),
    permissions,
  };
}

async function commitOf(folder: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: folder });
    return stdout.trim();
  } catch {
    return "";
  }
}

/** Over names and contents of all files; nothing for a folder that is not there. */
async function hashOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (const file of files.toSorted(compareTexts)) {
    const content = await readFile(file);
    hash.update(`${path.relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
