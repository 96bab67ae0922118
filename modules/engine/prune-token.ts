import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

import { writeWhole } from "./whole-file.ts";

/** What somebody was shown, and what they must say to have exactly that done. */
export interface PruneToken {
  readonly token: string;
  /** Ids of the snapshots that go, sorted. */
  readonly ids: readonly string[];
  /** Milliseconds since 1970. */
  readonly until: number;
  /** It was said, and the work began: it may be said again until that is done. */
  readonly begun: boolean;
}

/** A list of snapshots is looked at for so long, not kept for another day. */
export const TOKEN_SECONDS = 600;

/** @param file of one repository; the token before is worth nothing from now on */
export async function giveToken(
  file: string,
  ids: readonly string[],
  now: number,
): Promise<PruneToken> {
  const token = {
    token: randomBytes(4).toString("hex"),
    ids: ids.toSorted(),
    until: now + TOKEN_SECONDS * 1000,
    begun: false,
  };
  await keepToken(file, token);
  return token;
}

export async function readToken(file: string): Promise<PruneToken | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as PruneToken;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function keepToken(file: string, token: PruneToken): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeWhole(file, `${JSON.stringify(token)}\n`);
}

export async function spendToken(file: string): Promise<void> {
  await rm(file, { force: true });
}
