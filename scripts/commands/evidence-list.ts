import { InvalidArgumentError, type Command } from "commander";

import type { EvidenceFilter, ListedEvidence } from "../../modules/evidence/list-evidence.ts";
import { report, type Output } from "../output.ts";
import { evidenceOption, ledgerOf, type EvidenceOptions } from "./evidence-ledger.ts";

interface ListOptions extends EvidenceOptions, Omit<EvidenceFilter, "document"> {
  /** A file whose lines are asked for. */
  readonly document?: string;
}

/** `simpul evidence list`: lines of the ledger, by obligation, kind and time. */
export function registerEvidenceList(evidence: Command, output: Output): void {
  evidence
    .command("list")
    .description("what was recorded, oldest first")
    .option("--obligation <id>", "of this obligation alone: temanggung-15-1")
    .option("--kind <kind>", "of this kind alone: verify-backup, drill-drc, document")
    .option("--since <time>", "from this month, day or moment on (UTC)", timeText)
    .option("--until <time>", "up to this month, day or moment, and all of it", timeText)
    .option("--document <file>", "that filed this very file")
    .addOption(evidenceOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul evidence list --kind verify-backup --since 2026-11\n  $ simpul evidence list --obligation temanggung-15-1 --json | jq '.evidence[-1].measured'",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const { listEvidence } = await import("../../modules/evidence/list-evidence.ts");
      const { folder } = ledgerOf(options.kabupaten, options.evidence || "");
      const { document, ...filter } = options;
      const { sha256Of } = await import("../../modules/evidence/document.ts");
      const found = await listEvidence(folder, {
        ...filter,
        ...(document !== undefined && { document: await sha256Of(document) }),
      });
      report(output, "evidence list", options, [], { evidence: found });
      if (options.json !== true) output.line(await table(found, folder));
    });
}

/** `2026`, `2026-11`, `2026-11-23`, `2026-11-23T02:00`. */
function timeText(text: string): string {
  if (/^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?Z?)?)?)?$/.test(text))
    return text.replace(/Z$/, "");
  throw new InvalidArgumentError("write it as 2026-11, 2026-11-23 or 2026-11-23T02:00.");
}

async function table(found: readonly ListedEvidence[], folder: string): Promise<string> {
  if (found.length === 0) return `nothing is recorded of that in ${folder}`;
  const { columns } = await import("../../modules/plan/text-columns.ts");
  const { printable } = await import("../../modules/evidence/printable.ts");
  const rows = found.map((line) => [
    printable(`${line.time.slice(0, "2026-11-23T02:00:14".length)}Z`),
    printable(line.kind),
    outcome(line),
    printable(line.subject ?? ""),
    printable(line.obligations.join(" ")),
  ]);
  return columns([["TIME", "KIND", "OUTCOME", "SUBJECT", "OBLIGATIONS"], ...rows]);
}

function outcome({ findings, ok }: ListedEvidence): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return `${errors} wrong`;
  return ok ? "ok" : "wrong";
}
