import { readFile, rm } from "node:fs/promises";
import path from "node:path";

import { writeWhole } from "../engine/whole-file.ts";
import { lineHash, type Evidence } from "./evidence-line.ts";

/** What was cut off a ledger's file, noted down before it is cut: a second power cut does not hide the first. */
export interface TornLine {
  /** Relative to the ledger's folder. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of what was cut. */
  readonly hash: string;
  /** The beginning of what was cut, in base64. */
  readonly begins: string;
}

const SHOWN_BYTES = 4096;

export function tornLine(file: string, torn: Buffer): TornLine {
  const begins = torn.subarray(0, SHOWN_BYTES).toString("base64");
  return { file, bytes: torn.length, hash: lineHash(torn), begins };
}

/** @param folder of the machine's own key */
export async function noteTornLine(folder: string, torn: TornLine): Promise<void> {
  await writeWhole(noteFile(folder), `${JSON.stringify(torn)}\n`);
}

export async function notedTornLine(folder: string): Promise<TornLine | undefined> {
  try {
    return JSON.parse(await readFile(noteFile(folder), "utf8")) as TornLine;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function forgetTornLine(folder: string): Promise<void> {
  await rm(noteFile(folder), { force: true });
}

/** The line that says of it: a repair is never silent. */
export function repairEvidence(
  { file, bytes, hash, begins }: TornLine,
  versions: Evidence["versions"],
): Evidence {
  return {
    kind: "ledger-repair",
    obligations: [],
    subject: file,
    measured: { cut_bytes: bytes, cut_sha256: hash, cut_base64: begins },
    findings: [
      {
        id: "evidence-torn-line",
        severity: "warning",
        what: `${file} ended in ${bytes} bytes of an unfinished line: the machine stopped while it wrote`,
      },
    ],
    versions,
  };
}

function noteFile(folder: string): string {
  return path.join(folder, "torn.json");
}
