import { readFile, rm } from "node:fs/promises";
import path from "node:path";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { stableHex } from "../../modules/core/stable-hash.ts";
import { writeWhole } from "../../modules/engine/whole-file.ts";
import { slugOf, type RestoreAtHand } from "./restore-at-hand.ts";

/** What a restore had decided and done when it was broken off. */
export interface RestoreEntry {
  /** Full id: the same command, run later, goes on with the same one. */
  readonly snapshot: string;
  /** Full id of the backup of what was there; empty where nothing was, absent while it is not taken. */
  readonly safety?: string;
}

export interface RestoreJournal {
  /** Undefined where none is under way; a finding where another one is. */
  read(): Promise<RestoreEntry | Diagnostic | undefined>;
  write(entry: RestoreEntry): Promise<void>;
  remove(): Promise<void>;
}

/** Of one target: while a restore into it is not finished, another one may not begin. */
export function journalOf(
  { folder, target, repository, options }: RestoreAtHand,
  what: object,
): RestoreJournal {
  const file = path.join(folder, `${slugOf(target)}.json`);
  const { at, from } = options;
  const asked = stableHex(JSON.stringify([repository.name, target.name, at, from, what]), 16);
  return {
    read: async () => {
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) return undefined;
      const entry = JSON.parse(text) as RestoreEntry & { readonly asked: string };
      return entry.asked === asked ? entry : underWay(target.name, entry.snapshot);
    },
    write: (entry) => writeWhole(file, `${JSON.stringify({ ...entry, asked })}\n`),
    remove: () => rm(file, { force: true }),
  };
}

function underWay(target: string, snapshot: string): Diagnostic {
  return {
    id: "restore-under-way",
    severity: "error",
    what: `an earlier restore into ${target}, of snapshot ${snapshot.slice(0, 8)}, is not finished`,
    why: "a part of what was there may be set aside; another restore would mix both up",
    fix: "run that command again as it was; it goes on where it stopped",
  };
}
