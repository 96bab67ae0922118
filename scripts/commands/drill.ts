import type { Command } from "commander";

import type { DrillState } from "../../modules/engine/drill/drill-state.ts";
import type { DrillStep } from "../../modules/engine/drill/drill-steps.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { drillAtHand, nextState, type DrillAtHand, type DrillOptions } from "./drill-plan.ts";
import { exclusively, progressOf } from "./stack-command.ts";

/** `simpul drill drc`: services move to the DRC and home again, and what that cost is measured. */
export function registerDrill(program: Command, output: Output): void {
  program
    .command("drill")
    .description("exercise what must work on the worst day")
    .command("drc")
    .description("move services to the DRC, or home again; a dry run until it is confirmed")
    .option("--dry-run", "show the steps, and do none")
    .option("--service <name>", "this service alone")
    .option("--back", "home again: to the Pusat Data")
    .option("--continue", "go on with the drill that was stopped or broke off")
    .option("--unplanned", "the Pusat Data is lost: take over what it had, with what is at the DRC")
    .option("--yes", "do all steps without asking")
    .addHelpText("after", HELP)
    .action((_own: object, command: Command) =>
      drill(output, command.optsWithGlobals<DrillOptions & CommonOptions>()),
    );
}

const HELP = `
Each step is written down before it begins: after a kill, --continue goes on, and --back returns.
On a terminal you are asked before each step; whoever says no may go on later.
A database is primary only where its lease is held, so no order of steps makes two of it.

Examples:
  $ simpul drill drc --dry-run
  $ simpul drill drc --service ppdb-online --yes
  $ simpul drill drc --back --yes`;

async function drill(output: Output, options: DrillOptions & CommonOptions): Promise<void> {
  const atHand = await drillAtHand(output, options);
  if (atHand === undefined) return;
  const { drillSteps } = await import("../../modules/engine/drill/drill-steps.ts");
  const begun = nextState(atHand, options);
  if ("severity" in begun) {
    report(output, "drill drc", options, [...atHand.findings, begun]);
    return output.exitCode(EXIT.usage);
  }
  const steps = drillSteps(atHand.plan, begun, atHand.engineOf);
  if (options.dryRun === true || !(options.yes === true || output.ask !== undefined))
    return show(output, options, begun, steps);
  const held = { kabupaten: options.kabupaten, states: atHand.states, synthesise: () => [] };
  // No deploy may be making something anew meanwhile.
  const ended = await exclusively(held, () => perform(output, options, atHand, begun, steps));
  if (ended !== undefined && "severity" in ended) report(output, "drill drc", options, [ended]);
}

function show(
  output: Output,
  options: DrillOptions & CommonOptions,
  { done }: DrillState,
  steps: readonly DrillStep[],
): void {
  const listed = steps.map(({ id, words }) => ({ id, words, done: done.includes(id) }));
  report(output, "drill drc", options, [], { steps: listed, dryRun: true });
  if (options.json === true) return;
  for (const { words, done: isDone } of listed) output.line(`  ${isDone ? "done " : ""}${words}`);
  output.line("Nothing was done: this was a dry run. To do it: the same with --yes");
}

async function perform(
  output: Output,
  options: DrillOptions & CommonOptions,
  atHand: DrillAtHand,
  begun: DrillState,
  steps: readonly DrillStep[],
): Promise<undefined> {
  const { runDrill } = await import("../../modules/engine/drill/drill-run.ts");
  const { forgetDrill } = await import("../../modules/engine/drill/drill-state.ts");
  const { measureClients } = await import("../../modules/engine/drill/drill-measure.ts");
  const progress = progressOf(output, options.json);
  const goesOn = async ({ words }: DrillStep): Promise<boolean> =>
    options.yes === true ||
    ["y", "yes"].includes(((await output.ask!(`${words}? (yes/no) `)) ?? "").trim());
  const clients = await measureClients(atHand, begun);
  const { state, refused, seconds } = await runDrill(atHand.states, begun, steps, progress, goesOn);
  const isWhole = steps.every(({ id }) => state.done.includes(id));
  const views = await clients.end(state, isWhole);
  const findings = [...(refused ? [refused] : []), ...views.findings];
  if (isWhole && state.direction === "back") await forgetDrill(atHand.states);
  report(output, "drill drc", options, findings, {
    kind: state.kind,
    direction: state.direction,
    finished: isWhole,
    measured: { seconds, clients: views.seen },
  });
  if (options.json === true) return undefined;
  for (const { service, agency, confirmed, lost, longestGap } of views.seen)
    output.line(
      `${service}, written to from ${agency}: ${confirmed} writes confirmed, ${lost} lost, away for ${(longestGap / 1000).toFixed(1)} s`,
    );
  const where = state.direction === "there" ? "the DRC" : "the Pusat Data";
  const next = state.direction === "there" ? " Home again: simpul drill drc --back --yes" : "";
  if (isWhole) output.line(`${state.services.join(", ")}: at ${where}.${next}`);
  else
    output.line(
      "The drill stands still. On: simpul drill drc --continue; home: simpul drill drc --back",
    );
  return undefined;
}
