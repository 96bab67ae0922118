import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";
import { createProgress, SILENT, type Progress } from "../../modules/engine/progress.ts";
import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import type { Terraform } from "../../modules/engine/terraform-process.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { PlaceOf } from "../../stacks/places.ts";
import { engineRefused } from "../failure.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

/** What the layers below make of the inventory: the plan and its synthesised stacks. */
export interface PreparedStacks {
  /** Absent when the inventory, or this machine, lacks something. */
  readonly plan?: KabupatenPlan;
  /** Writes the stacks to their folders and says where: only while the states are held, for terraform reads there. */
  readonly synthesise: () => readonly StackToRun[];
  /** Absolute path of the folder that holds the kabupaten's states. */
  readonly states: string;
  readonly findings: readonly Diagnostic[];
  /** Exit code of the errors among the findings. */
  readonly exitCode?: number;
  /** Absolute path of `.simpul/env`. */
  readonly environmentFile: string;
  /** Writes what is allocated anew into the lock; gives the files that it changed. */
  readonly pin?: () => Promise<readonly string[]>;
  /** Where the inventory asks for a thing, by role and slug. */
  readonly placeOf?: PlaceOf;
  /** Servers with a new name: `vps/old` -> the new one. */
  readonly renamed?: ReadonlyMap<string, string>;
}

export type PrepareStacks = (options: CommonOptions) => Promise<PreparedStacks>;

/** Loaded when a command runs, so that `--help` stays instant. */
export async function prepareLazily(options: CommonOptions): Promise<PreparedStacks> {
  const { prepareStacks } = await import("./prepare-stacks.ts");
  return prepareStacks(options);
}

/** A prepared kabupaten on a machine that can deploy it. */
export interface Ready {
  readonly kabupaten: string;
  readonly plan: KabupatenPlan;
  readonly synthesise: () => readonly StackToRun[];
  readonly states: string;
  readonly findings: readonly Diagnostic[];
  readonly terraform: Terraform;
  readonly engine: Engine;
  /** Writes what is allocated anew into the lock: before anything is built on it. Gives the files that it changed. */
  readonly pin: () => Promise<readonly string[]>;
  readonly placeOf: PlaceOf;
  readonly renamed: ReadonlyMap<string, string>;
}

/** Prepares stacks and looks whether engine and terraform are there; undefined after having said why not. */
export async function makeReady(
  command: string,
  output: Output,
  prepare: PrepareStacks,
  options: CommonOptions,
): Promise<Ready | undefined> {
  const prepared = await prepare(options);
  const { plan, synthesise, states, findings, exitCode, environmentFile, pin, placeOf, renamed } =
    prepared;
  if (plan === undefined) {
    report(output, command, options, findings);
    if (exitCode !== undefined) output.exitCode(exitCode);
    return undefined;
  }
  const { engine, terraform, missing } = await findMachine(environmentFile);
  if (engine === undefined || terraform === undefined) {
    report(output, command, options, [...findings, ...missing]);
    output.exitCode(EXIT.environment);
    return undefined;
  }
  return {
    kabupaten: options.kabupaten,
    plan,
    synthesise,
    states,
    findings,
    engine,
    terraform,
    pin: pin ?? (() => Promise.resolve([])),
    placeOf: placeOf ?? (() => undefined),
    renamed: renamed ?? new Map(),
  };
}

interface Machine {
  /** Absent when it does not answer. */
  readonly engine?: Engine;
  readonly terraform?: Terraform;
  /** What is absent, and which setup step brings it. */
  readonly missing: readonly Diagnostic[];
}

/** The engine, and terraform, as setup left them. */
export async function findMachine(environmentFile: string): Promise<Machine> {
  const { engineProblem, localEngine } = await import("../../modules/engine/docker-engine.ts");
  const { terraformEnvironment } = await import("../../modules/engine/terraform-environment.ts");
  const { findTerraform } = await import("../../modules/engine/terraform-process.ts");
  const environment = await terraformEnvironment(environmentFile, process.env);
  const engine = localEngine(environment);
  const [unreachable, terraform] = await Promise.all([
    engineProblem(engine),
    findTerraform(environment),
  ]);
  return {
    ...(unreachable === undefined && { engine }),
    ...(!("severity" in terraform) && { terraform }),
    missing: [unreachable, terraform].filter((one) => one !== undefined && "severity" in one),
  };
}

/** Nothing is put on an engine whose host is open to it: the firewall comes first (DESIGN section 11). */
export async function unprotected(): Promise<Diagnostic | undefined> {
  const { firewallProblem } = await import("../../modules/engine/firewall.ts");
  const { ROOT } = await import("../../stacks/prepare.ts");
  return firewallProblem(ROOT, process.env["DOCKER_HOST"]);
}

/** What a run has while no other one works on the same states. */
export interface Held {
  readonly stacks: readonly StackToRun[];
  /** Warnings about states that had not been written to their end. */
  readonly mended: readonly Diagnostic[];
}

/** Does work on the states of one kabupaten while no other run does; else says who is at it. */
export async function exclusively<T>(
  { kabupaten, states, synthesise }: Pick<Ready, "kabupaten" | "states" | "synthesise">,
  work: (held: Held) => Promise<T>,
): Promise<T | Diagnostic> {
  const { EngineRefusal } = await import("../../modules/engine/docker-engine.ts");
  const { lockStates } = await import("../../modules/engine/stack-lock.ts");
  const { recoverStates } = await import("../../modules/engine/state-recovery.ts");
  const lock = await lockStates(states, kabupaten);
  if ("severity" in lock) return lock;
  try {
    const stacks = synthesise();
    return await work({ stacks, mended: await recoverStates(states, stacks) });
  } catch (error) {
    if (error instanceof EngineRefusal) return engineRefused(error);
    throw error;
  } finally {
    await lock.release();
  }
}

export function progressOf(output: Output, json: boolean | undefined): Progress {
  return json === true ? SILENT : createProgress(output);
}

/**
 * Runs work that a Ctrl-C (or a SIGTERM) stops gracefully: the signal is passed on once, and further ones only say
 * that it is being waited for.
 */
export async function interruptible<T>(
  output: Output,
  json: boolean | undefined,
  work: (interrupt: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    const again = controller.signal.aborted;
    controller.abort();
    if (json === true) return;
    output.line(
      again
        ? "still stopping"
        : "stopping: what was begun is brought to an end, so that nothing is lost",
    );
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
