import type { Command } from "commander";

import type { Output } from "../output.ts";
import { registerEvidenceAdd } from "./evidence-add.ts";
import { registerEvidenceCommit } from "./evidence-commit.ts";
import { registerEvidenceList } from "./evidence-list.ts";
import { registerEvidenceVerify } from "./evidence-verify.ts";

/** `simpul evidence list|add|verify|commit`: what was proven, when, and that nobody changed it since. */
export function registerEvidence(program: Command, output: Output): void {
  const evidence = program
    .command("evidence")
    .description(
      "the ledger of what was proven: list it, file a document, see that nobody changed it",
    )
    .addHelpText("after", "\nExample:\n  $ simpul evidence list --obligation temanggung-15-1");
  registerEvidenceList(evidence, output);
  registerEvidenceAdd(evidence, output);
  registerEvidenceVerify(evidence, output);
  registerEvidenceCommit(evidence, output);
}
