import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Doomed } from "../../modules/engine/stack-destroy.ts";
import type { Terraform } from "../../modules/engine/terraform-process.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import {
  exclusively,
  findMachine,
  interruptible,
  prepareLazily,
  progressOf,
  type Held,
  type PrepareStacks,
  type Ready,
} from "./stack-command.ts";

interface DestroyOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** `simpul destroy`: everything of one kabupaten goes. */
export function registerDestroy(
  program: Command,
  output: Output,
  prepare: PrepareStacks = prepareLazily,
): void {
  program
    .command("destroy")
    .description("remove everything of one kabupaten, data included; a dry run until confirmed")
    .option("--yes", "remove without asking")
    .addHelpText("after", "\nExample:\n  $ simpul destroy --kabupaten uji --yes")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<DestroyOptions>();
      const ready = await makeReadyToDestroy(output, prepare, options);
      if (ready !== undefined) await destroy(output, ready, options);
    });
}

/** What a destroy needs. Less than a deploy: what carries the kabupaten's label is found without an inventory. */
interface DestroyReady extends Pick<Ready, "kabupaten" | "states" | "synthesise" | "engine"> {
  readonly terraform?: Terraform;
  readonly findings: readonly Diagnostic[];
  /** The kabupaten itself is not known: a slip of the pen, unless something of it is there. */
  readonly unknown: readonly Diagnostic[];
}

/** The stacks and terraform where both can be had, the engine and its labels where not; undefined after having said why. */
async function makeReadyToDestroy(
  output: Output,
  prepare: PrepareStacks,
  options: DestroyOptions,
): Promise<DestroyReady | undefined> {
  const prepared = await prepare(options);
  const { kabupaten } = options;
  const { engine, terraform, missing } = await findMachine(prepared.environmentFile);
  const { Fault } = await import("../../modules/core/fault.ts");
  const { parseSlug } = await import("../../modules/core/slug.ts");
  if (engine === undefined || parseSlug(kabupaten) instanceof Fault) {
    report(output, "destroy", options, [...prepared.findings, ...missing]);
    output.exitCode(engine === undefined ? EXIT.environment : EXIT.usage);
    return undefined;
  }
  const { states, synthesise, plan, findings, exitCode } = prepared;
  const whole = plan !== undefined && terraform !== undefined;
  if (whole) return { kabupaten, states, engine, synthesise, terraform, findings, unknown: [] };
  const problem = [...findings, ...missing].find(({ severity }) => severity === "error");
  return {
    kabupaten,
    states,
    engine,
    synthesise: () => [],
    findings: [byLabels(kabupaten, problem)],
    unknown: exitCode === EXIT.usage ? findings : [],
  };
}

function byLabels(kabupaten: string, problem: Diagnostic | undefined): Diagnostic {
  return {
    id: "destroy-by-labels",
    severity: "warning",
    what: `the stacks of ${kabupaten} cannot be made: ${problem?.what ?? "something is missing"}`,
    why: "to remove needs no inventory: everything of it carries its label on the engine",
    fix: "nothing, if all of it is to go; else mend that first: simpul check",
  };
}

async function destroy(
  output: Output,
  ready: DestroyReady,
  options: DestroyOptions,
): Promise<void> {
  if (ready.unknown.length > 0 && !(await isThere(ready))) {
    report(output, "destroy", options, ready.unknown);
    return output.exitCode(EXIT.usage);
  }
  if (options.json !== true) report(output, "destroy", options, ready.findings);
  const busy = await interruptible(output, options.json, (interrupt) =>
    exclusively(ready, ({ stacks }) =>
      showAndDestroy(output, { ...ready, stacks }, options, interrupt),
    ),
  );
  if (busy !== undefined) report(output, "destroy", options, [busy], { removed: false });
}

async function isThere({ engine, kabupaten, states }: DestroyReady): Promise<boolean> {
  const { existsSync } = await import("node:fs");
  const { listObjects } = await import("../../modules/engine/docker-objects.ts");
  return existsSync(states) || (await listObjects(engine, kabupaten)).length > 0;
}

async function showAndDestroy(
  output: Output,
  ready: DestroyReady & Pick<Held, "stacks">,
  options: DestroyOptions,
  interrupt: AbortSignal,
): Promise<void> {
  const { destroyEverything, listDoomed } = await import("../../modules/engine/stack-destroy.ts");
  const { proofsFolder } = await import("../../stacks/prepare.ts");
  const say = (lines: readonly string[]): void => {
    if (options.json !== true) for (const line of lines) output.line(line);
  };
  const { kabupaten, states, stacks } = ready;
  // Without stacks nobody asks for terraform.
  const { terraform = { binary: "terraform", environment: {} } } = ready;
  const run = { ...ready, terraform, progress: progressOf(output, options.json), interrupt };
  const doomed = await listDoomed(run, states, stacks);
  const counts = countDoomed(doomed);
  // People have read them above the question.
  const findings = options.json === true ? ready.findings : [];
  say(doomedText(kabupaten, doomed));
  if (!(await confirmed(output, options)))
    return report(output, "destroy", options, findings, { ...counts, removed: false });

  const left = await destroyEverything(run, doomed, { proofs: proofsFolder(kabupaten) });
  const removed = left.length === 0;
  say(
    removed
      ? [`Nothing of ${kabupaten} is left.`]
      : ["Not all of it is gone:", ...left.map((one) => `  ${one}`), "The same command goes on."],
  );
  report(output, "destroy", options, findings, { ...counts, ok: removed, removed, left });
  if (!removed) output.exitCode(EXIT.findings);
}

function countDoomed({ objects, hostVolumes }: Doomed) {
  const count = (wanted: string): number => objects.filter(({ kind }) => kind === wanted).length;
  return {
    containers: count("container"),
    networks: count("network"),
    volumes: count("volume"),
    hostVolumes: hostVolumes.length,
  };
}

function doomedText(kabupaten: string, doomed: Doomed): readonly string[] {
  const { containers, networks, volumes, hostVolumes } = countDoomed(doomed);
  // Carriers' volumes can be made again from the plan; all others hold what nobody else has.
  const data = doomed.objects.filter(
    ({ kind, labels }) => kind === "volume" && labels.role !== "config",
  );
  const names = [...new Set([...data.map(({ name }) => name), ...doomed.hostVolumes])].toSorted();
  return [
    `This removes everything of ${kabupaten}: ${containers} containers, ${networks} networks, ` +
      `${volumes} volumes, ${hostVolumes} disks on the engine's host.`,
    ...(names.length === 0 ? [] : ["THE DATA OF THESE VOLUMES IS LOST:"]),
    ...names.map((name) => `  ${name}`),
  ];
}

async function confirmed(output: Output, options: DestroyOptions): Promise<boolean> {
  const { yes = false, json = false, kabupaten } = options;
  if (yes) return true;
  if (json) return false;
  const answer = await output.ask?.(`Type ${kabupaten} to remove it: `);
  if (answer?.trim() === kabupaten) return true;
  output.line("Nothing was removed. To remove it all: simpul destroy --yes");
  return false;
}
