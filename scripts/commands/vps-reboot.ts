import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { report, type CommonOptions, type Output } from "../output.ts";
import { vpsAtHand, type VpsAtHand } from "./vps-command.ts";
import { exclusively } from "./stack-command.ts";

interface RebootOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** `simpul vps reboot NAME`: its programs end and start again; nothing else changes. */
export function registerVpsReboot(vps: Command, output: Output): void {
  vps
    .command("reboot <name>")
    .description("end all its programs and start it again; a dry run until it is confirmed")
    .option("--yes", "reboot without asking")
    .addHelpText("after", "\nExample:\n  $ simpul vps reboot ppdb-online --yes")
    .action(async (name: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<RebootOptions>();
      const atHand = await vpsAtHand(output, "vps reboot", options, name);
      if (atHand !== undefined) await reboot(output, atHand, options);
    });
}

async function reboot(output: Output, atHand: VpsAtHand, options: RebootOptions): Promise<void> {
  const { vps, engine, container } = atHand;
  const { restartVps } = await import("../../modules/engine/vps-restart.ts");
  const { LOCAL } = await import("../../stacks/prepare.ts");
  const { default: path } = await import("node:path");
  if (!vps.running) return report(output, "vps reboot", options, [suspended(atHand)]);
  if (!(await confirmed(output, options, vps.name)))
    return report(output, "vps reboot", options, [], { rebooted: false });
  const states = path.join(LOCAL, "state", options.kabupaten);
  // No deploy may be making it anew meanwhile.
  const held = { kabupaten: options.kabupaten, states, synthesise: () => [] };
  const ended = await exclusively(held, () => restartVps(engine, container));
  if (typeof ended === "object" && "severity" in ended)
    return report(output, "vps reboot", options, [ended], { rebooted: false });
  report(output, "vps reboot", options, [], { rebooted: true, seconds: ended });
  if (options.json !== true)
    output.line(`${vps.name} is up again after ${ended.toFixed(1)} s: its SSH server answers.`);
}

async function confirmed(output: Output, options: RebootOptions, name: string): Promise<boolean> {
  if (options.yes === true) return true;
  if (options.json === true) return false;
  output.line(`All programs of VPS ${name} would be ended and started again; its disk stays.`);
  if (output.ask === undefined) {
    output.line(`Nothing was done: this was a dry run. To do it: simpul vps reboot ${name} --yes`);
    return false;
  }
  const answer = await output.ask(`Type ${name} to reboot it: `);
  if (answer?.trim() === name) return true;
  output.line("Nothing was done.");
  return false;
}

function suspended({ vps, inventory }: VpsAtHand): Diagnostic {
  const at = inventory.vps.find(({ name }) => name === vps.name)?.origin.at("state");
  return {
    id: "vps-suspended",
    severity: "error",
    ...(at !== undefined && { at }),
    what: `VPS ${vps.name} is suspended`,
    why: "its file says that it does not run; a reboot would start it",
    fix: "write state: active in its file, then simpul deploy",
  };
}
