import { readdirSync, readFileSync } from "node:fs";

import type { YamlValue } from "./yaml-tree.ts";

/** For a look at one or two fields of files that are checked elsewhere: what cannot be read is absent. */

/** The text at this path, where there is one. */
export function field(
  value: YamlValue | undefined,
  ...path: readonly string[]
): string | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === "string" ? value : undefined;
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  return field((value as Readonly<Record<string, YamlValue>>)[step], ...rest);
}

/** What is in a folder, sorted; nothing where it cannot be listed. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .toSorted();
  } catch {
    return [];
  }
}

/** Undefined where it cannot be read. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
