import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { Command } from "commander";

import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { registerDeploy } from "../../scripts/commands/deploy.ts";
import { terminalOutput } from "../../scripts/output.ts";

// A process of its own around the deploy command, so that a test can send it signals.
const [folder = "", kabupaten = ""] = process.argv.slice(2);
const text = await readFile(join(folder, "stacks.json"), "utf8");
const stacks = JSON.parse(text) as readonly StackToRun[];
const plan = { routers: [], vps: [], colocation: [] } as unknown as KabupatenPlan;
const environmentFile = join(import.meta.dirname, "../../.simpul/env");

const program = new Command();
registerDeploy(program, terminalOutput(), () =>
  Promise.resolve({
    plan,
    synthesise: () => stacks,
    states: dirname(stacks[0]!.statePath),
    findings: [],
    environmentFile,
  }),
);
program.commands[0]!.option("--kabupaten <name>");
await program.parseAsync(["node", "simpul", "deploy", "--yes", "--kabupaten", kabupaten]);
