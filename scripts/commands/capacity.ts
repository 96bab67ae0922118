import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { dayOf, todayOption } from "./today.ts";

/** `simpul capacity`: what is left at each site and of each quota, and what comes free when. */
export function registerCapacity(program: Command, output: Output): void {
  program
    .command("capacity")
    .description("what is left by site, agency and month of expiry")
    .addOption(todayOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul capacity\n  $ simpul capacity --json | jq '.sites[0].left'",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { prepare } = await import("../../stacks/prepare.ts");
      const { capacityReport } = await import("../../modules/plan/capacity-report.ts");
      const { capacityText } = await import("../../modules/plan/capacity-report-text.ts");
      const day = dayOf(options);
      const { inventory, findings, unreadable } = await prepare({ ...options, today: day });
      // Where too much is asked for there is no plan; the figures are what helps then.
      const figures = inventory && capacityReport(inventory, day);
      report(output, "capacity", options, findings, { ...figures });
      if (unreadable === true) output.exitCode(EXIT.usage);
      if (figures !== undefined && options.json !== true) output.line(capacityText(figures));
    });
}
