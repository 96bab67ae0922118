import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { makeReady, prepareLazily, unprotected, type PrepareStacks } from "./stack-command.ts";

interface RebuildOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** `simpul vps rebuild NAME`: a new container of the present image; disk, host keys and addresses stay. */
export function registerVpsRebuild(
  vps: Command,
  output: Output,
  prepare: PrepareStacks = prepareLazily,
): void {
  vps
    .command("rebuild <name>")
    .description(
      "make it anew from the present image; disk, host keys and addresses stay; a dry run until it is confirmed",
    )
    .option("--yes", "rebuild without asking")
    .addHelpText(
      "after",
      `
What stands under /srv and /home stays, and the packages that its file lists come back.
All else that was changed inside is gone.

Example:
  $ simpul vps rebuild ppdb-online --yes`,
    )
    .action(async (name: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<RebuildOptions>();
      const ready = await makeReady("vps rebuild", output, prepare, options);
      if (ready === undefined) return;
      const { findVps } = await import("./find-vps.ts");
      const found = findVps(ready.plan, name);
      if ("severity" in found) {
        report(output, "vps rebuild", options, [found]);
        return output.exitCode(EXIT.usage);
      }
      const open = await unprotected();
      if (open !== undefined) {
        report(output, "vps rebuild", options, [...ready.findings, open]);
        return output.exitCode(EXIT.environment);
      }
      const { deploy } = await import("./deploy.ts");
      const key = `vps/${name}`;
      await deploy(output, ready, {
        ...options,
        ...{ all: true, only: [`${found.stack}/${name}`], replace: [key], destroy: [] },
        again: { key, name },
      });
    });
}
