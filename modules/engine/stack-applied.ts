import { readFile } from "node:fs/promises";

import type { EngineObject } from "./docker-objects.ts";
import type { DeclaredObject, StackConfiguration } from "./stack-configuration.ts";
import type { StackState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { writeWhole } from "./whole-file.ts";

/** What was last applied without an error, kept beside the state; or what an apply that has not succeeded yet makes. */
interface Applied {
  readonly hash?: string;
  readonly stateVersion?: string;
  /** Names of the containers that are being made. */
  readonly making?: readonly string[];
}

/** Remembers that this configuration is what the state and the engine now hold. */
export async function recordApplied(
  stack: StackToRun,
  { hash }: StackConfiguration,
  { version }: StackState,
): Promise<void> {
  const applied: Applied = { hash, stateVersion: version };
  await writeWhole(appliedFileOf(stack), JSON.stringify(applied) + "\n");
}

/**
 * Says that an apply begins: until it has succeeded, the stack is planned by terraform, and the containers it makes
 * may be found half made and in no state.
 */
export async function recordBegun(stack: StackToRun, making: readonly string[]): Promise<void> {
  const before = await containersInTheMaking(stack);
  const names = [...new Set([...before, ...making])];
  await writeWhole(appliedFileOf(stack), JSON.stringify({ making: names }) + "\n");
}

/** The containers that an apply was making when it was cut off, or failed. */
export async function containersInTheMaking(stack: StackToRun): Promise<readonly string[]> {
  return (await readApplied(stack))?.making ?? [];
}

export function appliedFileOf(stack: StackToRun): string {
  return stack.statePath.replace(/\.tfstate$/, "") + ".applied.json";
}

/**
 * Why a stack must be planned by terraform: its text or its state is another than at the last apply, or what lives on
 * the engine differs. Undefined when nothing of that is so: then a plan would cost seconds (the provider lists every
 * container per read) and find nothing.
 */
export async function whyToPlan(
  stack: StackToRun,
  configuration: StackConfiguration,
  state: StackState,
  live: readonly EngineObject[],
): Promise<string | undefined> {
  const applied = await readApplied(stack);
  if (applied?.hash === undefined) return "it was never applied to its end";
  if (applied.hash !== configuration.hash) return "its configuration changed";
  if (applied.stateVersion !== state.version) return "its state was changed by something else";
  return differenceFrom(configuration, live);
}

/** The first declared object that is not on the engine as declared, in words. */
export function differenceFrom(
  { objects }: StackConfiguration,
  live: readonly EngineObject[],
): string | undefined {
  const found = new Map(live.map((object) => [`${object.kind} ${object.name}`, object]));
  for (const declared of objects) {
    const difference = differs(declared, found.get(`${declared.kind} ${declared.name}`));
    if (difference !== undefined) return `${declared.kind} ${declared.name} ${difference}`;
  }
  return undefined;
}

function differs(declared: DeclaredObject, live: EngineObject | undefined): string | undefined {
  if (live === undefined) return "is gone";
  if (live.labels.config !== declared.config) return "carries another configuration";
  if (declared.mustRun && live.state !== "running") return `is ${live.state}`;
  const apart = declared.networks?.find((network) => !live.networks.includes(network));
  return declared.mustRun && apart !== undefined ? `is not on ${apart}` : undefined;
}

/**
 * Addresses of containers that are wrong in a way that terraform cannot see, or sees too late:
 * - a carrier that was killed, or refused its text: terraform judges the old exit code while it plans, and gets no
 *   further. One that runs again says whether the text is wrong;
 * - a container that lost a network: the provider does not read networks back;
 * - the carrier of a container that is gone: whoever took that away may have spoilt its configuration too, and a new
 *   one has no last good text to fall back on.
 */
export function toMakeAgain(
  { objects }: StackConfiguration,
  live: readonly EngineObject[],
): readonly string[] {
  const found = new Map(
    live.filter(({ kind }) => kind === "container").map((one) => [one.name, one]),
  );
  const gone = objects.filter(({ mustRun, name }) => mustRun && !found.has(name));
  const needed = new Set(gone.flatMap(({ volumes }) => volumes));
  return objects.flatMap((declared) => {
    const container = declared.kind === "container" ? found.get(declared.name) : undefined;
    if (container === undefined) return [];
    const { exitCode = 0, labels, networks } = container;
    // A carrier bears the name of its volume.
    const failed = labels.role === "config" && (exitCode !== 0 || needed.has(declared.name));
    const apart = declared.networks?.some((network) => !networks.includes(network)) ?? false;
    return failed || (declared.mustRun && apart) ? [declared.address] : [];
  });
}

async function readApplied(stack: StackToRun): Promise<Applied | undefined> {
  const text = await readFile(appliedFileOf(stack), "utf8").catch(() => "");
  try {
    return (JSON.parse(text) as Applied | null) ?? undefined;
  } catch {
    // Absent, or not whole: as good as never applied.
    return undefined;
  }
}
