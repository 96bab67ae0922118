import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import {
  exclusively,
  interruptible,
  makeReady,
  prepareLazily,
  progressOf,
  type PrepareStacks,
} from "./stack-command.ts";

interface PlanOptions extends CommonOptions {
  readonly expectNoChanges?: boolean;
  readonly all?: boolean;
}

/** `simpul plan`: what a deploy would change. */
export function registerPlan(
  program: Command,
  output: Output,
  prepare: PrepareStacks = prepareLazily,
): void {
  program
    .command("plan")
    .description("show what a deploy would change, in the words of the inventory")
    .option("--expect-no-changes", "exit with 1 when there are changes")
    .option("--all", "ask terraform about every stack, also those that did not change")
    .addHelpText("after", "\nExample:\n  $ simpul plan --expect-no-changes")
    .action((_own: object, command: Command) =>
      plan(output, prepare, command.optsWithGlobals<PlanOptions>()),
    );
}

async function plan(output: Output, prepare: PrepareStacks, options: PlanOptions): Promise<void> {
  const ready = await makeReady("plan", output, prepare, options);
  if (ready === undefined) return;
  const { planStacks } = await import("../../modules/engine/stack-plans.ts");
  const { summarise } = await import("../../modules/engine/stack-summary.ts");
  const { describePlan } = await import("../../modules/engine/plan-summary-words.ts");
  const { olderImages } = await import("../../modules/engine/older-images.ts");
  const { planText } = await import("../../modules/engine/plan-summary-text.ts");
  const { guardBlastRadius } = await import("../../modules/engine/blast-radius.ts");
  const { guardChanges } = await import("../../modules/engine/change-guard.ts");

  const ended = await interruptible(output, options.json, (interrupt) =>
    exclusively(ready, async ({ stacks, mended }) => {
      const run = { ...ready, progress: progressOf(output, options.json), interrupt };
      const planned = await planStacks(run, stacks, { refresh: options.all ?? false });
      const { configurations, observation } = planned;
      const older = olderImages(configurations, observation, ready.placeOf);
      const summary = summarise(ready.kabupaten, planned, describePlan(ready.plan));
      return { mended: [...mended, ...older], summary };
    }),
  );
  if ("severity" in ended) return report(output, "plan", options, [ended]);
  const { mended, summary } = ended;
  if (options.json !== true) for (const line of planText(summary)) output.line(line);

  // A plan refuses nothing; it says what a deploy would refuse.
  const nobody = { replace: new Set<string>(), destroy: new Set<string>() };
  const refusals = [
    ...guardChanges(summary, { ...nobody, renamed: ready.renamed }),
    ...guardBlastRadius(summary, nobody),
  ];
  const warnings = refusals.map((refusal) => ({ ...refusal, severity: "warning" as const }));
  const failed = summary.stacks.some(({ outcome }) => outcome === "failed");
  const ok = !failed && !(options.expectNoChanges === true && summary.changes);
  report(output, "plan", options, [...ready.findings, ...mended, ...warnings], { ...summary, ok });
  if (!ok) output.exitCode(EXIT.findings);
}
