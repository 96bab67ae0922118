import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";

/** One kabupaten's ledger, and what this machine needs to write to it. */
export interface Ledger {
  readonly kabupaten: string;
  /** `evidence/<kabupaten>`: what an office keeps in git. */
  readonly folder: string;
  /** The kabupaten's folder of secrets, where this machine's signing key lies. */
  readonly secrets: string;
  readonly now: () => Date;
}

/** Every machine, and every checkout on it, writes files of its own: what two of them add never meets in a merge. */
export function writerName(publicKey: string, machine: string): string {
  const [type = "", base64 = ""] = publicKey.trim().split(" ");
  return createHash("sha256").update(`${type} ${base64}\n${machine}`).digest("hex").slice(0, 12);
}

/** `2026-11/4f2a9c1e77b0.jsonl`, relative to the ledger's folder. */
export function ledgerFile(month: string, writer: string): string {
  return `${month}/${writer}.jsonl`;
}

/** The month of a line in UTC, `2026-11`: on which day a file ends depends on no time zone. */
export function monthOf(time: string): string {
  return time.slice(0, "2026-11".length);
}

export function headFile(writer: string): string {
  return `heads/${writer}`;
}

const MONTH = /^\d{4}-\d{2}$/;
const LEDGER_FILE = /^([0-9a-f]{12})\.jsonl$/;
const HEAD_FILE = /^[0-9a-f]{12}$/;

/** What there is of one writer. */
export interface WriterFiles {
  readonly writer: string;
  /** Relative to the ledger's folder, by month. */
  readonly files: readonly string[];
  readonly hasHead: boolean;
}

/** Everybody who wrote to a ledger, sorted; nobody where there is none yet. */
export async function writersIn(folder: string): Promise<readonly WriterFiles[]> {
  const files = new Map<string, string[]>();
  for (const month of (await namesIn(folder)).filter((name) => MONTH.test(name)))
    for (const name of await namesIn(path.join(folder, month))) {
      const [, writer] = LEDGER_FILE.exec(name) ?? [];
      if (writer === undefined) continue;
      files.set(writer, [...(files.get(writer) ?? []), ledgerFile(month, writer)]);
    }
  const heads = (await namesIn(path.join(folder, "heads"))).filter((name) => HEAD_FILE.test(name));
  const writers = [...new Set([...files.keys(), ...heads])].toSorted();
  return writers.map((writer) => ({
    writer,
    files: files.get(writer) ?? [],
    hasHead: heads.includes(writer),
  }));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
