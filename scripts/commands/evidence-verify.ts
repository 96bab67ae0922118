import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { VerifiedLedger } from "../../modules/evidence/verify-ledger.ts";
import { EXIT, report, type Output } from "../output.ts";
import { evidenceOption, ledgerOf, type EvidenceOptions } from "./evidence-ledger.ts";
import { wrongArgument } from "./wrong-argument.ts";

interface VerifyOptions extends EvidenceOptions {
  readonly copy: readonly string[];
}

/** `simpul evidence verify`: is the ledger what was written, to the last line? */
export function registerEvidenceVerify(evidence: Command, output: Output): void {
  evidence
    .command("verify")
    .description(
      "see that nobody edited, removed, added or moved a line, by the heads at the DRC too; says which",
    )
    .option(
      "--copy <file>",
      "a head that was kept elsewhere (heads/WRITER): what it says must still be so",
      (file: string, before: readonly string[]) => [...before, file],
      [],
    )
    .addOption(evidenceOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul evidence verify\n  $ simpul evidence verify --copy /media/auditor/2026-06/4f2a9c1e77b0",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, "evidence verify", options);
      if (prepared === undefined) return;
      const copies = await readCopies(options.copy);
      if ("severity" in copies) {
        report(output, "evidence verify", options, [copies]);
        return output.exitCode(EXIT.usage);
      }
      const { verifyLedger } = await import("../../modules/evidence/verify-ledger.ts");
      const { copyHeads, headsAtDrc } = await import("./evidence-drc.ts");
      const { folder } = ledgerOf(options.kabupaten, options.evidence || "");
      const kept = await headsAtDrc(prepared, folder);
      const { signers } = prepared.inventory.kabupaten.evidence;
      const verified = await verifyLedger({
        kabupaten: options.kabupaten,
        folder,
        signers: signers.map(({ name, key }) => ({ name, key: `${key.type} ${key.base64}` })),
        copies: [...copies, ...(kept.result?.texts ?? [])],
      });
      // What is not as it was written does not become a copy that vouches for it.
      const isWhole = !verified.findings.some(({ severity }) => severity === "error");
      const copied =
        isWhole && kept.result !== undefined
          ? await copyHeads(prepared, folder)
          : { findings: [], result: 0 };
      const findings = [...kept.findings, ...copied.findings, ...verified.findings];
      const drc = kept.result && { heads: kept.result.count + (copied.result ?? 0) };
      report(output, "evidence verify", options, findings, {
        writers: verified.writers,
        ...(drc !== undefined && { drc }),
      });
      if (options.json !== true) output.line(verdict(verified, drc?.heads));
    });
}

async function readCopies(files: readonly string[]): Promise<readonly string[] | Diagnostic> {
  const { readFile } = await import("node:fs/promises");
  const { parseHead } = await import("../../modules/evidence/head.ts");
  const texts: string[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8");
    if (parseHead(text) === undefined)
      return wrongArgument(`${file} is no head of a ledger`, "name a file of a folder heads/");
    texts.push(text);
  }
  return texts;
}

function verdict({ writers, findings }: VerifiedLedger, atDrc: number | undefined): string {
  const lines = writers.reduce((sum, writer) => sum + writer.lines, 0);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const size = `${lines} lines of ${writers.length} ${writers.length === 1 ? "writer" : "writers"}`;
  return errors === 0
    ? `${size}: nothing was changed${atDrc === undefined ? "" : `, by ${atDrc} heads at the DRC too`}`
    : `${size}: ${errors} things are not as they were written`;
}
