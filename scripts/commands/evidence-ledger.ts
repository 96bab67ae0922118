import path from "node:path";

import { Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Evidence, EvidenceLine } from "../../modules/evidence/evidence-line.ts";
import type { Ledger } from "../../modules/evidence/ledger.ts";
import type { CommonOptions } from "../output.ts";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

export interface EvidenceOptions extends CommonOptions {
  /** The folder that holds one folder per kabupaten; false where nothing shall be kept. */
  readonly evidence: string | false;
}

/** `--evidence DIR`: where the ledgers are. */
export function evidenceOption(): Option {
  return new Option("--evidence <dir>", "folder of the evidence ledgers")
    .env("SIMPUL_EVIDENCE")
    .default(path.join(CHECKOUT, "evidence"), "evidence/");
}

export function ledgerOf(kabupaten: string, evidence: string): Ledger {
  return {
    kabupaten,
    folder: path.join(path.resolve(evidence), kabupaten),
    secrets: path.join(CHECKOUT, ".simpul", "secrets", kabupaten),
    now: () => new Date(),
  };
}

/** What came of recording: the lines, or why they are not kept. */
export interface Recorded {
  readonly lines: readonly EvidenceLine[];
  readonly findings: readonly Diagnostic[];
}

/** Records what a command found out. A ledger that cannot be written to does not hide what was found. */
export async function record(
  { kabupaten, evidence: folder }: EvidenceOptions,
  evidence: readonly Evidence[],
): Promise<Recorded> {
  if (folder === false) return { lines: [], findings: [] };
  const { appendEvidence } = await import("../../modules/evidence/append.ts");
  try {
    const lines = await appendEvidence(ledgerOf(kabupaten, folder), ...evidence);
    return { lines, findings: [] };
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    return { lines: [], findings: [notKept(folder, error)] };
  }
}

function notKept(folder: string, { message }: Error): Diagnostic {
  return {
    id: "evidence-not-kept",
    severity: "error",
    what: `what was found is not in the evidence ledger: ${message}`,
    why: "a check that left no trace proves nothing to anybody later; lines that were there are untouched",
    fix: `see that ${folder} and .simpul/secrets may be written to and the disk has room, then run the same command again; --no-evidence does without`,
  };
}

/** The software that takes part in every check. */
export async function softwareVersions(engine?: string): Promise<Readonly<Record<string, string>>> {
  const { readFile } = await import("node:fs/promises");
  const { runProgram } = await import("../../modules/engine/run-program.ts");
  const text = await readFile(path.join(CHECKOUT, "package.json"), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  const commit = await runProgram("git", ["-C", CHECKOUT, "describe", "--always", "--dirty"]);
  return {
    simpul: commit.ok ? `${version} ${commit.output.trim()}` : version,
    node: process.versions.node,
    ...(engine !== undefined && { docker: engine }),
  };
}
