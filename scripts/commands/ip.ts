import type { Command } from "commander";

import type { CommonOptions, Output } from "../output.ts";
import { registerIpExplain } from "./ip-explain.ts";
import { registerIpFree } from "./ip-free.ts";
import { registerIpImport } from "./ip-import.ts";
import { registerIpLock } from "./ip-lock.ts";

/** `simpul ip list|free|explain|lock|import`: what is allocated to whom. */
export function registerIp(program: Command, output: Output): void {
  const ip = program
    .command("ip")
    .description("the IP plan: who has which prefix and address")
    .addHelpText("after", "\nExample:\n  $ simpul ip list");
  ip.command("list")
    .description("every allocation, IPv4 and IPv6")
    .addHelpText("after", "\nExample:\n  $ simpul ip list --json | jq '.allocations[0]'")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const { report } = await import("../output.ts");
      const { ipList, ipTable } = await import("../../modules/plan/ip-list.ts");
      const prepared = await prepareOrReport(output, "ip list", options);
      if (prepared === undefined) return;
      const allocations = ipList(prepared.plan);
      report(output, "ip list", options, prepared.findings, { allocations });
      if (options.json !== true) output.line(ipTable(allocations));
    });
  registerIpFree(ip, output);
  registerIpExplain(ip, output);
  registerIpLock(ip, output);
  registerIpImport(ip, output);
}
