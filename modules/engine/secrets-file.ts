import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import path from "node:path";

import { Fault } from "../core/fault.ts";

/**
 * Reads a secret, which is made first where there is none. It appears whole or not at all, with mode 0600 in a folder
 * of mode 0700, and of two processes that make it at once, both read the same one. What is there is never written over.
 *
 * @returns a Fault when others may read it, or when the folder cannot be used
 */
export function ensureSecretFile(file: string, make: () => string): string | Fault {
  const folder = ensureSecretFolder(path.dirname(file));
  if (folder instanceof Fault) return folder;
  try {
    if (!exists(file)) createOnce(file, make());
    return withheld(file) ?? readFileSync(file, "utf8");
  } catch (error) {
    return unusable(file, error);
  }
}

/** Reads a secret; empty where there is none, a Fault when others may read it. */
export function readSecretFile(file: string): string | Fault {
  try {
    if (!exists(file)) return "";
    return withheld(file) ?? readFileSync(file, "utf8");
  } catch (error) {
    return unusable(file, error);
  }
}

/** Puts another text in the place of a secret, whole: who reads it sees the one or the other. */
export function replaceSecretFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}.new`;
  const descriptor = openSync(draft, "wx", 0o600);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(draft, file);
}

/** Makes the folder, and those above it, closed to others; one that is open to others is a Fault. */
function ensureSecretFolder(folder: string): Fault | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return withheld(folder);
  } catch (error) {
    return unusable(folder, error);
  }
}

/** A link to the finished text, for that fails where a name is taken, while a rename replaces what another just made. */
function createOnce(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}.new`;
  const descriptor = openSync(draft, "wx", 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    closeSync(descriptor);
    unlinkSync(draft);
  }
}

function withheld(entry: string): Fault | undefined {
  const { mode } = lstatSync(entry);
  if ((mode & 0o077) === 0) return undefined;
  const shown = (mode & 0o777).toString(8);
  return new Fault(
    `${entry} holds secrets and is open to others (mode ${shown})`,
    `chmod go-rwx ${entry}, and replace the key if others were on this machine`,
  );
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function unusable(entry: string, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : String(error);
  return new Fault(`${entry} cannot be used: ${reason}`, "mend the folder of secrets");
}
