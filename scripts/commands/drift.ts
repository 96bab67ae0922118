import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Deviation } from "../../modules/engine/deviation.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import {
  exclusively,
  makeReady,
  prepareLazily,
  unprotected,
  type PrepareStacks,
  type Ready,
} from "./stack-command.ts";

/** `simpul drift`: what differs between plan, state and engine. */
export function registerDrift(
  program: Command,
  output: Output,
  prepare: PrepareStacks = prepareLazily,
): void {
  program
    .command("drift")
    .description("what differs between plan, state and engine, and what a deploy does about it")
    .addHelpText("after", "\nExample:\n  $ simpul drift --json")
    .action((_own: object, command: Command) =>
      drift(output, prepare, command.optsWithGlobals<CommonOptions>()),
    );
}

async function drift(
  output: Output,
  prepare: PrepareStacks,
  options: CommonOptions,
): Promise<void> {
  const ready = await makeReady("drift", output, prepare, options);
  if (ready === undefined) return;
  const [looked, open] = await Promise.all([lookAt(ready), unprotected()]);
  const { deviations, findings } =
    "severity" in looked ? { deviations: [], findings: [looked] } : looked;
  const all = [...findings, ...(open === undefined ? [] : [open])];
  const ok = all.every(({ severity }) => severity === "info");
  report(output, "drift", options, all, { ok, drift: deviations });
  if (!ok) output.exitCode(EXIT.findings);
  else if (options.json !== true) output.line("No drift: plan, state and engine agree.");
}

interface Looked {
  readonly deviations: readonly Deviation[];
  readonly findings: readonly Diagnostic[];
}

async function lookAt(ready: Ready): Promise<Looked | Diagnostic> {
  const { surveyStacks } = await import("../../modules/engine/stack-survey.ts");
  const { driftFindings } = await import("../../modules/engine/drift-findings.ts");
  const { describePlan } = await import("../../modules/engine/plan-summary-words.ts");
  const { olderImages } = await import("../../modules/engine/older-images.ts");
  return exclusively(ready, async ({ stacks, mended }) => {
    const { deviations, observation, configurations } = await surveyStacks(ready, stacks);
    const describe = describePlan(ready.plan);
    const findings = await driftFindings(ready, deviations, observation, describe);
    const older = olderImages(configurations, observation, ready.placeOf);
    return { deviations, findings: [...mended, ...findings, ...older] };
  });
}
