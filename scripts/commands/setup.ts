import { join } from "node:path";

import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

const SETUP = join(import.meta.dirname, "../setup.sh");

export function registerSetup(program: Command, output: Output): void {
  program
    .command("setup")
    .description("make this machine ready: packages, firewall, engine, provider, images")
    .addHelpText(
      "after",
      "\nWith --json the steps go to standard error.\n\nExample:\n  $ sudo npx simpul setup && source .simpul/env",
    )
    .action(async (options: CommonOptions) => {
      const exitCode = await runSetup(options.json === true);
      if (options.json === true)
        report(output, "setup", options, exitCode === EXIT.fine ? [] : [stopped(exitCode)]);
      output.exitCode(exitCode);
    });
}

function stopped(exitCode: number): Diagnostic {
  return {
    id: "setup-stopped",
    severity: "error",
    what: `setup stopped with exit code ${exitCode}`,
    why: "the step that could not be done stands on standard error, with its reason",
    fix: "mend that, then run the same command again: it goes on where it stopped",
  };
}

/** A shell script does the work, because it must also run before Node's packages are there. */
async function runSetup(stepsToStandardError: boolean): Promise<number> {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const stepsTo = stepsToStandardError ? process.stderr : "inherit";
    const setup = spawn("bash", [SETUP], { stdio: ["inherit", stepsTo, "inherit"] });
    setup.once("error", () => resolve(EXIT.environment));
    setup.once("close", (code) => resolve(code ?? EXIT.environment));
  });
}
