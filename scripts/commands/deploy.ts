import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { PlanSummary } from "../../modules/engine/plan-summary.ts";
import type { StackOutcome } from "../../modules/engine/stack-apply.ts";
import type { ReviewedPlan } from "../../modules/engine/reviewed-plan.ts";
import { EXIT, report, type Output } from "../output.ts";
import { reviewedDeploy, whatMoved, type ReviewableOptions } from "./reviewed-deploy.ts";
import {
  exclusively,
  interruptible,
  makeReady,
  prepareLazily,
  progressOf,
  unprotected,
  type Held,
  type PrepareStacks,
  type Ready,
} from "./stack-command.ts";

interface DeployOptions extends ReviewableOptions {
  readonly yes?: boolean;
  /** That of `--plan`, read. */
  readonly reviewed?: ReviewedPlan | undefined;
  /** A server that is made anew though nothing is wrong with it: a rebuild is a deploy of that alone. */
  readonly again?: { readonly key: string; readonly name: string };
}

/** `simpul deploy`: shows the plan, then applies exactly that. */
export function registerDeploy(
  program: Command,
  output: Output,
  prepare: PrepareStacks = prepareLazily,
): void {
  const collect = (value: string, before: readonly string[]): readonly string[] => [
    ...before,
    value,
  ];
  program
    .command("deploy")
    .description("show the plan, then apply exactly that; a dry run until it is confirmed")
    .option("--yes", "apply without asking")
    .option("--all", "ask terraform about every stack, also those that did not change")
    .option("--replace <role/name>", "allow this server to be made anew, data kept", collect, [])
    .option("--destroy <role/name>", "allow this server to go, data with it", collect, [])
    .option("--only <stack[/name]>", "only this stack, or this thing in it", collect, [])
    .option(
      "--allow-blast",
      "allow more than a fifth of a stack, or core routers with others, at once",
    )
    .option("--plan <dir>", "apply this reviewed plan (plan --out), or nothing if anything moved")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul deploy --yes\n  $ simpul deploy --plan .simpul/reviewed --yes\n  $ simpul deploy --replace vps/ppdb-online\n  $ simpul deploy --only backbone/core-pusat-data",
    )
    .action(async (_own: object, command: Command) => {
      const told = command.optsWithGlobals<DeployOptions>();
      const settled = await reviewedDeploy(told);
      if ("severity" in settled) {
        report(output, "deploy", told, [settled]);
        if (settled.id === "wrong-usage") output.exitCode(EXIT.usage);
        return;
      }
      const options = { ...settled.options, reviewed: settled.reviewed };
      const ready = await makeReady("deploy", output, prepare, options);
      if (ready === undefined) return;
      const open = await unprotected();
      if (open === undefined) return deploy(output, ready, options);
      report(output, "deploy", options, [...ready.findings, open]);
      output.exitCode(EXIT.environment);
    });
}

/** Where a run ended: findings stopped it, nobody confirmed it, or it was applied. */
interface DeployEnd {
  readonly findings: readonly Diagnostic[];
  readonly summary?: PlanSummary;
  readonly outcomes?: readonly StackOutcome[];
  readonly applied: boolean;
}

/** Shows the plan, and applies it after a yes; says what came of it and sets the exit code. */
export async function deploy(output: Output, ready: Ready, options: DeployOptions): Promise<void> {
  const ended = await interruptible(output, options.json, (interrupt) =>
    exclusively(ready, async ({ stacks, mended }) => {
      const end = await planAndApply(output, { ...ready, stacks }, options, interrupt);
      return { ...end, findings: [...mended, ...end.findings] };
    }),
  );
  const end: DeployEnd = "severity" in ended ? { findings: [ended], applied: false } : ended;
  const { findings, ...more } = end;
  const left = end.outcomes?.filter(
    ({ outcome }) => outcome === "failed" || outcome === "not-tried",
  );
  const ok = (left ?? []).length === 0 && findings.every(({ severity }) => severity !== "error");
  const before = ready.findings.filter(({ id }) => !end.applied || id !== "not-in-lock");
  report(output, wordsOf(options), options, [...before, ...findings], { ...more, ok });
  if (!ok) output.exitCode(EXIT.findings);
}

async function planAndApply(
  output: Output,
  ready: Ready & Pick<Held, "stacks">,
  options: DeployOptions,
  interrupt: AbortSignal,
): Promise<DeployEnd> {
  const { planStacks } = await import("../../modules/engine/stack-plans.ts");
  const { summarise } = await import("../../modules/engine/stack-summary.ts");
  const { applyStacks, stalePlans } = await import("../../modules/engine/stack-apply.ts");
  const { describePlan } = await import("../../modules/engine/plan-summary-words.ts");
  const { planText } = await import("../../modules/engine/plan-summary-text.ts");
  const { outcomeText } = await import("../../modules/engine/stack-apply-text.ts");
  const { guardChanges } = await import("../../modules/engine/change-guard.ts");
  const { guardBlastRadius } = await import("../../modules/engine/blast-radius.ts");
  const { driftFindings } = await import("../../modules/engine/drift-findings.ts");
  const { driftText, isDrift, leftAlone } = await import("../../modules/engine/drift-text.ts");
  const { repairLive } = await import("../../modules/engine/live-repair.ts");
  const { finishHealing } = await import("../../modules/engine/stack-heal.ts");
  const { parseSelection, selectsNothing, unknownSelections } =
    await import("../../modules/engine/stack-selection.ts");
  const { layReviewedPlans } = await import("../../modules/engine/reviewed-plan.ts");
  const { olderImages } = await import("../../modules/engine/older-images.ts");
  const { removeForsakenDisks } = await import("../../modules/engine/forsaken-disks.ts");
  const { endForsakenContainers } = await import("../../modules/engine/forsaken-containers.ts");
  const say = (lines: readonly string[]): void => {
    if (options.json !== true) for (const line of lines) output.line(line);
  };

  const run = { ...ready, progress: progressOf(output, options.json), interrupt };
  const permissions = {
    replace: new Set(options.replace),
    destroy: new Set(options.destroy),
    renamed: ready.renamed,
  };
  const only = options.only.map(parseSelection);
  const describe = describePlan(ready.plan);
  const planned = await planStacks(run, ready.stacks, {
    refresh: options.all ?? false,
    named: permissions.replace,
    again: new Set(options.again === undefined ? [] : [options.again.key]),
    only,
  });
  const unknown = unknownSelections(only, planned.configurations);
  if (unknown.length > 0) return { findings: unknown.map(selectsNothing), applied: false };
  const summary = summarise(ready.kabupaten, planned, describe);
  const drifted = await driftFindings(
    run,
    planned.deviations.filter(isDrift),
    planned.observation,
    describe,
  );
  const older = olderImages(planned.configurations, planned.observation, ready.placeOf);
  say(driftText(drifted));
  say(planText(summary));

  const moved = await whatMoved(options.reviewed, options, planned, summary);
  if (moved.length > 0) return { findings: moved, summary, applied: false };
  const refused = [
    ...guardChanges(summary, permissions),
    ...(options.allowBlast === true ? [] : guardBlastRadius(summary, permissions)),
  ];
  if (refused.length > 0) return { findings: refused, summary, applied: false };
  const failed = summary.stacks.some(({ outcome }) => outcome === "failed");
  if (!summary.changes && !failed) {
    const ended =
      options.yes === true ? await endForsakenContainers(run.engine, ready.kabupaten) : [];
    if (options.yes === true) await pin(output, ready, options);
    return { findings: [...older, ...leftAlone(drifted), ...ended], summary, applied: false };
  }
  if (summary.changes && !interrupt.aborted && !(await confirmed(output, options)))
    return { findings: older, summary, applied: false };

  const stale = await stalePlans(planned);
  if (stale.length > 0) return { findings: stale, summary, applied: false };
  if (options.plan !== undefined) await layReviewedPlans(options.plan, planned);
  await pin(output, ready, options);
  const ended = interrupt.aborted ? [] : await endForsakenContainers(run.engine, ready.kabupaten);
  // First, so that terraform meets nothing that is paused.
  if (!interrupt.aborted) await repairLive(run.engine, planned.deviations, planned.configurations);
  const outcomes = await applyStacks(run, planned);
  say(outcomeText(outcomes));
  const complete = outcomes.every(({ outcome }) => outcome !== "failed" && outcome !== "not-tried");
  const left = complete
    ? [
        ...(await finishHealing(run, ready.stacks, { only, describe })),
        ...(await removeForsakenDisks(ready.engine, ready.kabupaten, permissions.destroy)),
      ]
    : [];
  // Whoever was named has just been made of the image of today.
  const named = options.again !== undefined || permissions.replace.size > 0;
  const stay = named ? [] : older;
  return { findings: [...stay, ...ended, ...left], summary, outcomes, applied: true };
}

/** What is built stands in the lock from the first moment on, whatever comes after. */
async function pin(output: Output, ready: Ready, options: DeployOptions): Promise<void> {
  const written = await ready.pin();
  if (written.length > 0 && options.json !== true)
    output.line(`Pinned what is new: commit ${written.join(" and ")}`);
}

async function confirmed(output: Output, options: DeployOptions): Promise<boolean> {
  const { yes = false, json = false, kabupaten, again } = options;
  if (yes) return true;
  if (json) return false;
  if (output.ask === undefined) {
    const words = `simpul ${wordsOf(options)}${again === undefined ? "" : ` ${again.name}`} --yes`;
    output.line(`Nothing was changed: this was a dry run. To apply it: ${words}`);
    return false;
  }
  const wanted = again?.name ?? kabupaten;
  const answer = await output.ask(`Type ${wanted} to apply exactly this: `);
  if (answer?.trim() === wanted) return true;
  output.line("Nothing was changed.");
  return false;
}

function wordsOf({ again }: DeployOptions): string {
  return again === undefined ? "deploy" : "vps rebuild";
}
