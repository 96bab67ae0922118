import type { Command } from "commander";

import { Fault } from "../../modules/core/fault.ts";
import { EXIT, report, type Output } from "../output.ts";
import { evidenceOption, ledgerOf, type EvidenceOptions } from "./evidence-ledger.ts";

/** `simpul evidence commit`: what was recorded goes into git, and where there is a remote, there. */
export function registerEvidenceCommit(evidence: Command, output: Output): void {
  evidence
    .command("commit")
    .description(
      "commit the ledger in a git repository of its own (made where there is none), push it where that has a remote",
    )
    .addOption(evidenceOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul evidence commit\n  $ git -C evidence remote add origin git@git.example.go.id:dinas/evidence.git && simpul evidence commit",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<EvidenceOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, "evidence commit", options);
      if (prepared === undefined) return;
      const { writersIn } = await import("../../modules/evidence/ledger.ts");
      const { keepInGit } = await import("../../modules/evidence/keep-in-git.ts");
      const ledger = ledgerOf(options.kabupaten, options.evidence || "");
      if ((await writersIn(ledger.folder)).length === 0) {
        report(output, "evidence commit", options, [], { isNew: false });
        if (options.json !== true) output.line(`nothing is recorded in ${ledger.folder}`);
        return;
      }
      const kept = await keepInGit(ledger, prepared.inventory.kabupaten.domain.text);
      if (kept instanceof Fault) {
        const { what, fix } = kept;
        const why = "only what is kept elsewhere shows later what stood here";
        report(output, "evidence commit", options, [
          { id: "evidence-not-committed", severity: "error", what, why, fix },
        ]);
        return output.exitCode(EXIT.environment);
      }
      report(output, "evidence commit", options, [], kept);
      if (options.json === true) return;
      const { commit, isNew, pushed } = kept;
      const where = pushed === true ? ", and at origin" : "";
      output.line(`${isNew ? "committed" : "nothing new"}: ${commit.slice(0, 12)}${where}`);
    });
}
