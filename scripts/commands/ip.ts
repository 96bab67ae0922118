import type { Command } from "commander";

import type { CommonOptions, Output } from "../output.ts";

/** `simpul ip list|lock`: what is allocated to whom. */
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
  ip.command("lock")
    .description("write what is allocated now into ip-plan.lock.yaml, so that it never moves")
    .addHelpText("after", "\nExample:\n  $ simpul ip lock && git add inventory")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const { report } = await import("../output.ts");
      const prepared = await prepareOrReport(output, "ip lock", options);
      if (prepared === undefined) return;
      const { writeLock } = await import("../../modules/inventory/write-lock.ts");
      const { newLockEntries } = await import("../../modules/plan/lock-entries.ts");
      const added = newLockEntries(prepared.plan, prepared.inventory.lock);
      await writeLock(options, prepared.inventory.lock, added);
      const findings = prepared.findings.filter(({ id }) => id !== "not-in-lock");
      report(output, "ip lock", options, findings, { added: Object.fromEntries(added) });
      if (options.json !== true) output.line(`${added.size} lines added to the lock`);
    });
}
