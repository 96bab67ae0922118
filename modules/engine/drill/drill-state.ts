import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

import { writeWhole } from "../whole-file.ts";

/** A drill as far as it has come: on the disk before each step, so that whoever comes after a kill goes on from there. */
export interface DrillState {
  readonly kind: "planned" | "unplanned";
  /** Where it leads: to the DRC, or home again. */
  readonly direction: "there" | "back";
  /** Services that it moves, in their order. */
  readonly services: readonly string[];
  /** Milliseconds of Unix time. */
  readonly began: number;
  /** Steps of this direction that are done. */
  readonly done: readonly string[];
  /** The one that was begun last. */
  readonly at?: string;
}

function fileOf(folder: string): string {
  return path.join(folder, "drill.json");
}

/** Undefined where none is under way. */
export async function readDrill(folder: string): Promise<DrillState | undefined> {
  const text = await readFile(fileOf(folder), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DrillState);
}

export async function writeDrill(folder: string, state: DrillState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(fileOf(folder), `${JSON.stringify(state, undefined, 2)}\n`);
}

export function forgetDrill(folder: string): Promise<void> {
  return rm(fileOf(folder), { force: true });
}
