import type { Command } from "commander";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { Fault } from "../../modules/core/fault.ts";
import type { Duty } from "../../modules/inventory/model.ts";
import { EXIT, report, type Output } from "../output.ts";
import {
  evidenceOption,
  record,
  softwareVersions,
  type EvidenceOptions,
} from "./evidence-ledger.ts";
import { today } from "./today.ts";
import { wrongArgument } from "./wrong-argument.ts";

interface AddOptions extends EvidenceOptions {
  readonly date?: string;
  readonly title?: string;
}

/** `simpul evidence add OBLIGATION FILE`: files a document as proof of a duty. */
export function registerEvidenceAdd(evidence: Command, output: Output): void {
  evidence
    .command("add <obligation> <file>")
    .description(
      "file a document as proof of a duty: its date and SHA-256 are kept, not the document",
    )
    .option("--date <date>", "the document's own date, 2026-11-05; today unless it is said")
    .option("--title <words>", "what it is, for people")
    .addOption(evidenceOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul evidence add temanggung-22-1 denah-lan-2026.pdf --date 2026-11-05 --title 'Denah LAN Dindikpora'",
    )
    .action(async (obligation: string, file: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, "evidence add", options);
      if (prepared === undefined) return;
      const { duties } = prepared.inventory;
      const wrong = unknownObligation(obligation, duties);
      const date = CalendarDate.parse(options.date ?? today());
      if (wrong !== undefined || date instanceof Fault)
        return refuse(output, options, wrong ?? wrongDate(date as Fault));
      if (date.text > today())
        return refuse(
          output,
          options,
          wrongArgument(`${date.text} is not over yet`, "write the date that the document bears"),
        );
      const { documentEvidence } = await import("../../modules/evidence/document.ts");
      const document = await documentEvidence(
        {
          ...{ file, date, obligations: [obligation] },
          ...(options.title !== undefined && { title: options.title }),
        },
        await softwareVersions(),
      );
      const { lines, findings } = await record(options, [document]);
      report(output, "evidence add", options, findings, { evidence: lines });
      if (findings.length > 0) output.exitCode(EXIT.environment);
      else if (options.json !== true) {
        const cited = duties.find(({ id }) => id === obligation)!.cited;
        output.line(`filed for ${cited}: SHA-256 ${String(document.measured["sha256"])}`);
      }
    });
}

function refuse(output: Output, options: AddOptions, finding: Diagnostic): void {
  report(output, "evidence add", options, [finding]);
  output.exitCode(EXIT.usage);
}

function wrongDate({ what, fix }: Fault): Diagnostic {
  return wrongArgument(what, fix);
}

function unknownObligation(obligation: string, duties: readonly Duty[]): Diagnostic | undefined {
  if (duties.some(({ id }) => id === obligation)) return undefined;
  if (duties.length === 0)
    return wrongArgument(
      "the kabupaten goes by no regulation, so that nothing is to be proven",
      "name its regulation in kabupaten.yaml",
    );
  return wrongArgument(
    `no obligation of its regulation is called ${JSON.stringify(obligation)}`,
    `choose from: ${duties.map(({ id }) => id).join(", ")}`,
  );
}
