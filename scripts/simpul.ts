import { Command, CommanderError, Option } from "commander";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { registerCapacity } from "./commands/capacity.ts";
import { registerAuthority } from "./commands/authority.ts";
import { registerBackup } from "./commands/backup.ts";
import { registerCheck } from "./commands/check.ts";
import { registerCodeowners } from "./commands/codeowners.ts";
import { registerConfig } from "./commands/config.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDestroy } from "./commands/destroy.ts";
import { registerDiagram } from "./commands/diagram.ts";
import { registerDrift } from "./commands/drift.ts";
import { registerDrill } from "./commands/drill.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerEvidence } from "./commands/evidence.ts";
import { registerHost } from "./commands/host.ts";
import { registerInit } from "./commands/init.ts";
import { registerIp } from "./commands/ip.ts";
import { registerPlan } from "./commands/plan.ts";
import { registerPr } from "./commands/pr.ts";
import { registerReport } from "./commands/report.ts";
import { registerRenew } from "./commands/renew.ts";
import { registerSchedule } from "./commands/schedule.ts";
import { registerRestore } from "./commands/restore.ts";
import { registerSetup } from "./commands/setup.ts";
import { registerVerify } from "./commands/verify.ts";
import { registerVps } from "./commands/vps.ts";
import { report, terminalOutput, type Output } from "./output.ts";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const INVENTORY = path.join(ROOT, "inventory");
/** In the order in which `--help` shows them. */
const COMMANDS = [
  registerSetup,
  registerDoctor,
  registerInit,
  registerCheck,
  registerVps,
  registerCapacity,
  registerIp,
  registerPr,
  registerCodeowners,
  registerDiagram,
  registerConfig,
  registerPlan,
  registerDeploy,
  registerDrift,
  registerVerify,
  registerReport,
  registerDrill,
  registerBackup,
  registerRestore,
  registerSchedule,
  registerEvidence,
  registerAuthority,
  registerRenew,
  registerDestroy,
  registerHost,
];

const FIRST_STEPS = `
First steps:
  $ npx simpul init 33.24                  files for Kabupaten Kendal, to be corrected
  $ npx simpul check --kabupaten kendal    what is wrong with them, and how to mend it
  $ sudo npx simpul setup                  the machine made ready, once
  $ npx simpul deploy --kabupaten kendal   what would change; applied after a yes

Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 the machine is missing something.`;

/** Runs one command; sets the exit code and never lets a stack trace out for bad input. */
export async function main(argv: readonly string[]): Promise<void> {
  const output = terminalOutput();
  const kabupaten = await defaultKabupaten();
  try {
    await commandTree(output, kabupaten).parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const words = argv.slice(2);
    const named = words[words.indexOf("--kabupaten") + 1];
    const meant = words.includes("--kabupaten") ? named : process.env["SIMPUL_KABUPATEN"];
    await sayFailure(output, words, meant ?? kabupaten, error);
  }
}

/** Under `--json` a program reads one object whatever happened; commander itself has told people. */
async function sayFailure(
  output: Output,
  words: readonly string[],
  kabupaten: string,
  error: unknown,
): Promise<void> {
  const { failureOf } = await import("./failure.ts");
  const { finding, exitCode } = failureOf(error);
  const isOption = (word: string): boolean => word.startsWith("-");
  const command = words.slice(0, [...words, "-"].findIndex(isOption)).join(" ");
  const json = words.includes("--json");
  if (json || !(error instanceof CommanderError))
    report(output, command, { kabupaten, inventory: INVENTORY, json }, [finding]);
  output.exitCode(exitCode);
}

/** Every command with its options; `kabupaten` is the one that is meant where nobody says which. */
export function commandTree(output: Output, kabupaten: string): Command {
  const program = new Command("simpul")
    .description("A kabupaten's infrastructure from one repository")
    .showHelpAfterError("(simpul --help shows the commands)")
    .addHelpText("after", FIRST_STEPS)
    .exitOverride();
  for (const register of COMMANDS) register(program, output);
  for (const command of leaves(program)) addCommonOptions(command, kabupaten);
  return program;
}

/** The options of DESIGN section 9, behind the command: `simpul check --json`. */
function addCommonOptions(command: Command, kabupaten: string): void {
  command
    .addOption(
      new Option("--kabupaten <name>", "which kabupaten")
        .env("SIMPUL_KABUPATEN")
        .default(kabupaten, "the one in cdktf.json")
        // It begins another one, whose code or name is its argument.
        .hideHelp(command.name() === "init"),
    )
    .addOption(
      new Option("--inventory <dir>", "inventory folder")
        .env("SIMPUL_INVENTORY")
        .default(INVENTORY, "inventory/"),
    )
    .option("--json", "one JSON object for programs")
    .showHelpAfterError(`(simpul ${command.name()} --help shows its options)`)
    .exitOverride();
}

function leaves(command: Command): readonly Command[] {
  return command.commands.flatMap((child) =>
    child.commands.length === 0 ? [child] : [child.exitOverride(), ...leaves(child)],
  );
}

async function defaultKabupaten(): Promise<string> {
  const text = await readFile(path.join(ROOT, "cdktf.json"), "utf8");
  const { context } = JSON.parse(text) as { readonly context: { readonly kabupaten: string } };
  return context.kabupaten;
}
