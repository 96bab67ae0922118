import type { Command } from "commander";

import type { PlanSummary } from "../../modules/engine/plan-summary.ts";
import type { PlanPermissions } from "../../modules/engine/reviewed-plan.ts";
import type { Planned } from "../../modules/engine/stack-plans.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import {
  exclusively,
  interruptible,
  makeReady,
  prepareLazily,
  progressOf,
  type PrepareStacks,
} from "./stack-command.ts";
import { todayOption } from "./today.ts";

interface PlanOptions extends CommonOptions {
  readonly expectNoChanges?: boolean;
  readonly all?: boolean;
  readonly out?: string;
  readonly replace: readonly string[];
  readonly destroy: readonly string[];
  readonly allowBlast?: boolean;
}

/** `simpul plan`: what a deploy would change. */
export function registerPlan(
  program: Command,
  output: Output,
  prepare: PrepareStacks = prepareLazily,
): void {
  const collect = (value: string, before: readonly string[]): readonly string[] => [
    ...before,
    value,
  ];
  program
    .command("plan")
    .description("show what a deploy would change, in the words of the inventory")
    .option("--expect-no-changes", "exit with 1 when there are changes")
    .option("--all", "ask terraform about every stack, also those that did not change")
    .addOption(todayOption())
    .option("--out <dir>", "keep the plan there for a review; deploy --plan applies exactly that")
    .option("--replace <role/name>", "with --out: allow this server to be made anew", collect, [])
    .option("--destroy <role/name>", "with --out: allow this server to go", collect, [])
    .option("--allow-blast", "with --out: allow that much at once")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul plan --expect-no-changes\n  $ simpul plan --out .simpul/reviewed",
    )
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

  const permissions = permissionsOf(options);
  const named = new Set(permissions.replace);
  const ended = await interruptible(output, options.json, (interrupt) =>
    exclusively(ready, async ({ stacks, mended }) => {
      const run = { ...ready, progress: progressOf(output, options.json), interrupt };
      const refresh = options.all ?? false;
      const planned = await planStacks(run, stacks, { refresh, named });
      const { configurations, observation } = planned;
      const older = olderImages(configurations, observation, ready.placeOf);
      const summary = summarise(ready.kabupaten, planned, describePlan(ready.plan));
      const kept = await keep(options, planned, summary);
      return { mended: [...mended, ...older], summary, kept };
    }),
  );
  if ("severity" in ended) return report(output, "plan", options, [ended]);
  const { mended, summary, kept } = ended;
  if (options.json !== true) for (const line of planText(summary)) output.line(line);
  if (kept !== undefined && options.json !== true)
    output.line(`Kept for review in ${options.out}: ${kept}`);

  // A plan refuses nothing; it says what a deploy would refuse.
  const allowed = {
    replace: named,
    destroy: new Set(permissions.destroy),
    renamed: ready.renamed,
  };
  const refusals = [
    ...guardChanges(summary, allowed),
    ...(permissions.allowBlast ? [] : guardBlastRadius(summary, allowed)),
  ];
  const warnings = refusals.map((refusal) => ({ ...refusal, severity: "warning" as const }));
  const failed = summary.stacks.some(({ outcome }) => outcome === "failed");
  const ok = !failed && !(options.expectNoChanges === true && summary.changes);
  report(output, "plan", options, [...ready.findings, ...mended, ...warnings], {
    ...summary,
    ...(kept !== undefined && { reviewed: kept }),
    ok,
  });
  if (!ok) output.exitCode(EXIT.findings);
}

function permissionsOf({ replace, destroy, allowBlast, all }: PlanOptions): PlanPermissions {
  return { replace, destroy, allowBlast: allowBlast === true, all: all === true };
}

/** Where it is asked for and nothing failed: the hash of what is kept. */
async function keep(
  options: PlanOptions,
  planned: Planned,
  summary: PlanSummary,
): Promise<string | undefined> {
  if (options.out === undefined) return undefined;
  if (planned.stacks.some(({ kind }) => kind === "failed")) return undefined;
  const { writeReviewedPlan } = await import("../../modules/engine/reviewed-plan.ts");
  const { reviewGround } = await import("./review-ground.ts");
  const ground = await reviewGround(options, permissionsOf(options));
  return (await writeReviewedPlan(options.out, ground, planned, summary)).hash;
}
