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
    .description("see that nobody edited, removed, added or moved a line; says which")
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
      const { signers } = prepared.inventory.kabupaten.evidence;
      const verified = await verifyLedger({
        kabupaten: options.kabupaten,
        folder: ledgerOf(options.kabupaten, options.evidence || "").folder,
        signers: signers.map(({ name, key }) => ({ name, key: `${key.type} ${key.base64}` })),
        copies,
      });
      const { findings, writers } = verified;
      report(output, "evidence verify", options, findings, { writers });
      if (options.json !== true) output.line(verdict(verified));
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

function verdict({ writers, findings }: VerifiedLedger): string {
  const lines = writers.reduce((sum, writer) => sum + writer.lines, 0);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const size = `${lines} lines of ${writers.length} ${writers.length === 1 ? "writer" : "writers"}`;
  return errors === 0
    ? `${size}: nothing was changed`
    : `${size}: ${errors} things are not as they were written`;
}
