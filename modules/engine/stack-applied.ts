import { readFile, rm, writeFile } from "node:fs/promises";

import type { EngineObject } from "./docker-objects.ts";
import type { DeclaredObject, StackConfiguration } from "./stack-configuration.ts";
import type { StackState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";

/** What was last applied without an error, kept beside the state. */
interface Applied {
  readonly hash: string;
  readonly stateVersion: string;
}

/** Remembers that this configuration is what the state and the engine now hold. */
export async function recordApplied(
  stack: StackToRun,
  { hash }: StackConfiguration,
  { version }: StackState,
): Promise<void> {
  const applied: Applied = { hash, stateVersion: version };
  await writeFile(appliedFileOf(stack), JSON.stringify(applied) + "\n", { mode: 0o600 });
}

/** Forgets it: from now on until the next record, the stack is planned by terraform. */
export async function forgetApplied(stack: StackToRun): Promise<void> {
  await rm(appliedFileOf(stack), { force: true });
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
  if (applied === undefined) return "it was never applied to its end";
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

async function readApplied(stack: StackToRun): Promise<Applied | undefined> {
  const text = await readFile(appliedFileOf(stack), "utf8").catch(() => "");
  try {
    return JSON.parse(text) as Applied;
  } catch {
    // Absent, or cut off by a power failure: as good as never applied.
    return undefined;
  }
}
