import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { PlanSummary } from "../../modules/engine/plan-summary.ts";
import type { StackOutcome } from "../../modules/engine/stack-apply.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
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

interface DeployOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly all?: boolean;
  readonly replace: readonly string[];
  readonly destroy: readonly string[];
  readonly only: readonly string[];
  readonly allowBlast?: boolean;
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
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul deploy --yes\n  $ simpul deploy --replace vps/ppdb-online\n  $ simpul deploy --only backbone/core-pusat-data",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<DeployOptions>();
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

async function deploy(output: Output, ready: Ready, options: DeployOptions): Promise<void> {
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
  report(output, "deploy", options, [...before, ...findings], { ...more, ok });
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
  const { removeForsakenDisks } = await import("../../modules/engine/forsaken-disks.ts");
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
  say(driftText(drifted));
  say(planText(summary));

  const refused = [
    ...guardChanges(summary, permissions),
    ...(options.allowBlast === true ? [] : guardBlastRadius(summary, permissions)),
  ];
  if (refused.length > 0) return { findings: refused, summary, applied: false };
  const failed = summary.stacks.some(({ outcome }) => outcome === "failed");
  if (!summary.changes && !failed) {
    if (options.yes === true) await pin(output, ready, options);
    return { findings: leftAlone(drifted), summary, applied: false };
  }
  if (summary.changes && !interrupt.aborted && !(await confirmed(output, options)))
    return { findings: [], summary, applied: false };

  const stale = await stalePlans(planned);
  if (stale.length > 0) return { findings: stale, summary, applied: false };
  await pin(output, ready, options);
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
  return { findings: left, summary, outcomes, applied: true };
}

/** What is built stands in the lock from the first moment on, whatever comes after. */
async function pin(output: Output, ready: Ready, options: DeployOptions): Promise<void> {
  const written = await ready.pin();
  if (written.length > 0 && options.json !== true)
    output.line(`Pinned what is new: commit ${written.join(" and ")}`);
}

async function confirmed(output: Output, options: DeployOptions): Promise<boolean> {
  const { yes = false, json = false, kabupaten } = options;
  if (yes) return true;
  if (json) return false;
  if (output.ask === undefined) {
    output.line("Nothing was changed: this was a dry run. To apply it: simpul deploy --yes");
    return false;
  }
  const answer = await output.ask(`Type ${kabupaten} to apply exactly this: `);
  if (answer?.trim() === kabupaten) return true;
  output.line("Nothing was changed.");
  return false;
}
