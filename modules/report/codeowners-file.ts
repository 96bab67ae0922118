import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import { CODEOWNERS_FILE, codeownersText, isGeneratedFor } from "./codeowners.ts";

/** CODEOWNERS as it is in the checkout and as the inventory makes it. */
export interface CodeownersFile {
  /** Absolute path. */
  readonly file: string;
  /** Absent when there is no such file. */
  readonly committed?: string;
  /** Absent when the kabupaten names no maintainers. */
  readonly text?: string;
}

/** Looks at the top of the repository that the inventory stands in; undefined where it stands in none. */
export function codeownersFile(
  directory: string,
  inventory: Inventory,
): CodeownersFile | undefined {
  const real = realpathSync(directory);
  const top = topOf(real);
  if (top === undefined) return undefined;
  const folder = path.relative(top, path.join(real, inventory.kabupaten.name));
  const file = path.join(top, CODEOWNERS_FILE);
  const text = codeownersText(inventory, `${folder.split(path.sep).join("/")}/`);
  return {
    file,
    ...(existsSync(file) && { committed: readFileSync(file, "utf8") }),
    ...(text !== undefined && { text }),
  };
}

/** Another kabupaten's, or one that people wrote, is left to them. */
export function staleCodeowners(
  { committed, text }: CodeownersFile,
  kabupaten: string,
): readonly Diagnostic[] {
  if (text === undefined || committed === text) return [];
  if (committed !== undefined && !isGeneratedFor(committed, kabupaten)) return [];
  return [
    {
      id: "codeowners-stale",
      severity: "warning",
      what:
        committed === undefined
          ? `there is no ${CODEOWNERS_FILE}, and the inventory names maintainers`
          : `${CODEOWNERS_FILE} is not what the inventory makes of it`,
      why: "whoever keeps the repository asks the people in it before a change is merged",
      fix: `run npx simpul codeowners --write --kabupaten ${kabupaten}, and commit it`,
    },
  ];
}

/** The nearest folder above that holds a repository; no program is started, for `check` asks each time. */
function topOf(folder: string): string | undefined {
  if (existsSync(path.join(folder, ".git"))) return folder;
  const above = path.dirname(folder);
  return above === folder ? undefined : topOf(above);
}
