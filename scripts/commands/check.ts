import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import type { CommonOptions, Output } from "../output.ts";
import { todayOption } from "./today.ts";

/** `simpul check`: the inventory and the plan, without an engine. */
export function registerCheck(program: Command, output: Output): void {
  program
    .command("check")
    .description("read the inventory, make the plan, say what is wrong and how to mend it")
    .addOption(todayOption())
    .addHelpText("after", "\nExample:\n  $ simpul check --kabupaten temanggung")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { prepareOrReport, summary } = await import("../project.ts");
      const { report } = await import("../output.ts");
      const prepared = await prepareOrReport(output, "check", options);
      if (prepared === undefined) return;
      const { codeownersFile, staleCodeowners } =
        await import("../../modules/report/codeowners-file.ts");
      const owners = codeownersFile(options.inventory, prepared.inventory);
      const stale = owners === undefined ? [] : staleCodeowners(owners, options.kabupaten);
      const warranties = await warrantyFindings(prepared.inventory);
      report(output, "check", options, [...prepared.findings, ...warranties, ...stale]);
      if (options.json !== true) output.line(summary(prepared.plan));
    });
}

/** What only this day makes a finding; a plan knows no day. */
async function warrantyFindings({ racks }: Inventory): Promise<readonly Diagnostic[]> {
  if (racks.length === 0) return [];
  const { CalendarDate } = await import("../../modules/core/calendar-date.ts");
  const { endedWarranties } = await import("../../modules/plan/warranties.ts");
  const { today } = await import("./today.ts");
  const day = CalendarDate.parse(today());
  return day instanceof CalendarDate ? endedWarranties(racks, day) : [];
}
