import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { parseState, readStateText, stateFiles } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { writeWhole } from "./whole-file.ts";

/** Keeps a whole copy of a state beside it: terraform writes states in place, and a full disk or a kill cuts them off. */
export async function keepCopy(statePath: string): Promise<void> {
  const text = await readStateText(statePath);
  if (parseState(text) !== undefined) await writeWhole(copyOf(statePath), text);
}

/**
 * Mends the states of a kabupaten before anybody plans on them: one that was cut off gives way to the newest whole
 * copy, and one that terraform could not write to its place (`errored.tfstate` in its working folder) is put there.
 * A copy may be behind: what was made since is known by its labels, and adopted or made anew.
 * @param folder the kabupaten's state folder
 * @returns a warning for each state that was mended
 */
export async function recoverStates(
  folder: string,
  stacks: readonly StackToRun[],
): Promise<readonly Diagnostic[]> {
  const directories = new Map(stacks.map(({ statePath, directory }) => [statePath, directory]));
  const paths = new Set([...(await stateFiles(folder)), ...directories.keys()]);
  const findings: Diagnostic[] = [];
  for (const path of paths) {
    const finding = await recover(path, directories.get(path));
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

async function recover(
  statePath: string,
  directory: string | undefined,
): Promise<Diagnostic | undefined> {
  const present = await readStateText(statePath);
  const state = parseState(present);
  const errored = join(directory ?? dirname(statePath), "errored.tfstate");
  const unsaved = directory === undefined ? undefined : await copyAt(errored);
  if (state !== undefined) {
    if (unsaved === undefined) return undefined;
    // Of another lineage, or older: it belongs to a state that is no more.
    const newer = unsaved.lineage === state.lineage && unsaved.serial > state.serial;
    if (newer) await writeWhole(statePath, unsaved.text);
    await rm(errored, { force: true });
    return newer ? mended(statePath, unsaved) : undefined;
  }
  const kept = await Promise.all([copyAt(copyOf(statePath)), copyAt(`${statePath}.backup`)]);
  const copies = [unsaved, ...kept].filter((copy) => copy !== undefined);
  const [newest] = copies.toSorted((a, b) => b.serial - a.serial);
  // A stack that was never applied has neither state nor copy.
  if (newest === undefined && !existsSync(statePath)) return undefined;
  if (present !== "") await rename(statePath, `${statePath}.damaged`);
  if (newest === undefined) await rm(statePath, { force: true });
  else await writeWhole(statePath, newest.text);
  await rm(errored, { force: true });
  return mended(statePath, newest);
}

interface Copy {
  readonly file: string;
  readonly text: string;
  readonly serial: number;
  readonly lineage: string;
}

async function copyAt(file: string): Promise<Copy | undefined> {
  const text = await readStateText(file);
  const state = parseState(text);
  return state === undefined ? undefined : { ...state, file, text };
}

function copyOf(statePath: string): string {
  return `${statePath}.copy`;
}

function mended(statePath: string, copy: Copy | undefined): Diagnostic {
  const name = basename(statePath, ".tfstate");
  return {
    id: "state-mended",
    severity: "warning",
    what: `the state of stack ${name} was not written to its end`,
    why: "a kill, a full disk or a power cut stopped terraform while it wrote",
    fix:
      copy === undefined
        ? "nothing: there was no copy; what runs is recognised by its labels"
        : `nothing: ${basename(copy.file)} took its place, and what was made since is recognised by its labels`,
  };
}
