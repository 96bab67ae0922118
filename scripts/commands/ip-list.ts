import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** `simpul ip list [WORD]`: who has which prefix and address. */
export function registerIpList(ip: Command, output: Output): void {
  ip.command("list")
    .description("every allocation, IPv4 and IPv6")
    .argument("[which]", "only this kind, owner or name: lan, dinas-kesehatan, ppdb-online")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul ip list dinas-kesehatan\n  $ simpul ip list --json | jq '.allocations[0]'",
    )
    .action(async (which: string | undefined, _own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const { chosenAllocations, ipList, ipTable } = await import("../../modules/plan/ip-list.ts");
      const prepared = await prepareOrReport(output, "ip list", options);
      if (prepared === undefined) return;
      const { plan, findings } = prepared;
      const chosen = which === undefined ? plan.allocations : chosenAllocations(plan, which);
      if (which !== undefined && chosen.length === 0) {
        const { nearest } = await import("../../modules/inventory/suggestion.ts");
        const words = plan.allocations.flatMap(({ kind, owner, name }) => [kind, owner, name]);
        const meant = nearest(which, words);
        report(output, "ip list", options, [
          wrongArgument(
            `nothing is allocated to "${which}"`,
            meant === undefined ? "see simpul ip list for who is there" : `write ${meant}`,
          ),
        ]);
        output.exitCode(EXIT.usage);
        return;
      }
      report(output, "ip list", options, findings, { allocations: ipList(chosen) });
      if (options.json !== true) output.line(ipTable(chosen));
    });
}
