import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** `simpul ip explain ADDR|PREFIX`: what it is, whose, and who announces it. */
export function registerIpExplain(ip: Command, output: Output): void {
  ip.command("explain")
    .description("what an address or prefix is, whose it is, or why it is nobody's")
    .argument("<address>", "an address or a prefix, IPv4 or IPv6")
    .addHelpText("after", "\nExample:\n  $ simpul ip explain 10.64.225.94")
    .action(async (text: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { Fault } = await import("../../modules/core/fault.ts");
      const { prepareOrReport } = await import("../project.ts");
      const { explain, parseAsked } = await import("../../modules/plan/ip-explain.ts");
      const { explanationText } = await import("../../modules/plan/ip-explain-text.ts");
      const asked = parseAsked(text);
      if (asked instanceof Fault) {
        report(output, "ip explain", options, [wrongArgument(asked.what, asked.fix)]);
        output.exitCode(EXIT.usage);
        return;
      }
      const prepared = await prepareOrReport(output, "ip explain", options);
      if (prepared === undefined) return;
      const explanation = explain(asked, prepared.inventory, prepared.plan);
      report(output, "ip explain", options, prepared.findings, { ...explanation });
      if (options.json !== true) output.line(explanationText(explanation));
    });
}
