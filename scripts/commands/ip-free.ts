import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** `simpul ip free [POOL]`: how full the pools are. */
export function registerIpFree(ip: Command, output: Output): void {
  ip.command("free")
    .description("how full each pool is, and each POP's share of it")
    .argument("[pool]", "only this pool")
    .addHelpText("after", "\nExample:\n  $ simpul ip free perangkat-daerah")
    .action(async (pool: string | undefined, _own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const { POOL_NAMES } = await import("../../modules/inventory/model.ts");
      const { suggestion } = await import("../../modules/inventory/suggestion.ts");
      const { utilisation, utilisationTable } =
        await import("../../modules/plan/ip-utilisation.ts");
      const only = POOL_NAMES.find((name) => name === pool);
      if (pool !== undefined && only === undefined) {
        const what = `"${pool}" is no pool`;
        const wrong = wrongArgument(what, suggestion(pool, POOL_NAMES));
        report(output, "ip free", options, [wrong]);
        output.exitCode(EXIT.usage);
        return;
      }
      const prepared = await prepareOrReport(output, "ip free", options);
      if (prepared === undefined) return;
      const spaces = utilisation(prepared.inventory, prepared.plan, only);
      report(output, "ip free", options, prepared.findings, { spaces });
      if (options.json !== true) output.line(utilisationTable(spaces));
    });
}
