import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** `simpul ip import CSV`: numbers that are in use already become lines of the lock. */
export function registerIpImport(ip: Command, output: Output): void {
  ip.command("import")
    .description("pin numbers that are in use already: kind,owner,name,prefix or address")
    .argument("<csv>", "a file whose first line names the columns")
    .addHelpText("after", "\nExample:\n  $ simpul ip import numbers.csv")
    .action(async (file: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { readFile } = await import("node:fs/promises");
      const { hasErrors } = await import("../../modules/core/diagnostic.ts");
      const { prepareOrReport } = await import("../project.ts");
      const { writeLock } = await import("../../modules/inventory/write-lock.ts");
      const { importNumbers } = await import("../../modules/plan/ip-import.ts");
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) {
        const wrong = wrongArgument(`"${file}" cannot be read`, "name a file that you may read");
        report(output, "ip import", options, [wrong]);
        output.exitCode(EXIT.usage);
        return;
      }
      const prepared = await prepareOrReport(output, "ip import", options);
      if (prepared === undefined) return;
      const { inventory } = prepared;
      const { lines, findings } = importNumbers(inventory, file, text);
      const added = hasErrors(findings)
        ? []
        : [...lines].filter(([key, value]) => inventory.lock.entries.get(key)?.value !== value);
      await writeLock(options, inventory.lock, new Map(added));
      report(output, "ip import", options, findings, { added: Object.fromEntries(added) });
      if (options.json !== true && !hasErrors(findings))
        output.line(`${added.length} lines added to the lock`);
    });
}
