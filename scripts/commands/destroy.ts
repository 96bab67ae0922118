import type { Command } from "commander";

import type { Doomed } from "../../modules/engine/stack-destroy.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import {
  exclusively,
  interruptible,
  makeReady,
  prepareLazily,
  progressOf,
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
      const ready = await makeReady("destroy", output, prepare, options);
      if (ready !== undefined) await destroy(output, ready, options);
    });
}

async function destroy(output: Output, ready: Ready, options: DestroyOptions): Promise<void> {
  const busy = await interruptible(output, options.json, (interrupt) =>
    exclusively(ready, () => showAndDestroy(output, ready, options, interrupt)),
  );
  if (busy !== undefined) report(output, "destroy", options, [busy], { removed: false });
}

async function showAndDestroy(
  output: Output,
  ready: Ready,
  options: DestroyOptions,
  interrupt: AbortSignal,
): Promise<void> {
  const { destroyEverything, listDoomed } = await import("../../modules/engine/stack-destroy.ts");
  const say = (lines: readonly string[]): void => {
    if (options.json !== true) for (const line of lines) output.line(line);
  };
  const { kabupaten } = ready;
  const run = { ...ready, progress: progressOf(output, options.json), interrupt };
  const doomed = await listDoomed(run, ready.stacks);
  const counts = countDoomed(doomed);
  say(doomedText(kabupaten, doomed));
  if (!(await confirmed(output, options)))
    return report(output, "destroy", options, [], { ...counts, removed: false });

  const left = await destroyEverything(run, doomed);
  const removed = left.length === 0;
  say(
    removed
      ? [`Nothing of ${kabupaten} is left.`]
      : ["Not all of it is gone:", ...left.map((one) => `  ${one}`), "The same command goes on."],
  );
  report(output, "destroy", options, [], { ...counts, ok: removed, removed, left });
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
