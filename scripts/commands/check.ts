import type { Command } from "commander";

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
      report(output, "check", options, [...prepared.findings, ...stale]);
      if (options.json !== true) output.line(summary(prepared.plan));
    });
}
