import { dirname } from "node:path";

import type { Deviation } from "./deviation.ts";
import { findDrift } from "./drift.ts";
import { observe, type Observation } from "./observation.ts";
import { readConfiguration, type StackConfiguration } from "./stack-configuration.ts";
import type { StackRun } from "./stack-plans.ts";
import { retiredStacks } from "./stack-retired.ts";
import { readState, type StackState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";

/** Plan, state and engine side by side. */
export interface Survey {
  /** The current stacks, and before them those that left the inventory while their state still holds something. */
  readonly stacks: readonly StackToRun[];
  readonly observation: Observation;
  /** By the stack's name. */
  readonly states: ReadonlyMap<string, StackState>;
  readonly configurations: ReadonlyMap<string, StackConfiguration>;
  readonly deviations: readonly Deviation[];
}

/** Reads what is declared, what states remember and what runs, and compares them. Changes nothing on the engine. */
export async function surveyStacks(
  { engine, kabupaten }: Pick<StackRun, "engine" | "kabupaten">,
  current: readonly StackToRun[],
): Promise<Survey> {
  const retired = await retiredStacks(kabupaten, stateFolder(current), current);
  const stacks = [...retired, ...current];
  const [states, configurations] = await Promise.all([
    byStack(stacks, ({ statePath }) => readState(statePath)),
    byStack(stacks, readConfiguration),
  ]);
  const declared = [...configurations.values()].flatMap(({ objects }) => objects);
  const observation = await observe(engine, kabupaten, declared);
  const known = stacks.map(({ name }) => ({
    name,
    configuration: configurations.get(name)!,
    state: states.get(name)!,
  }));
  const deviations = findDrift(known, observation);
  return { stacks, observation, states, configurations, deviations };
}

/** A value for each stack, by its name. */
export async function byStack<V>(
  stacks: readonly StackToRun[],
  value: (stack: StackToRun) => Promise<V>,
): Promise<ReadonlyMap<string, V>> {
  return new Map(
    await Promise.all(stacks.map(async (stack) => [stack.name, await value(stack)] as const)),
  );
}

function stateFolder(stacks: readonly StackToRun[]): string {
  const [first] = stacks;
  if (first === undefined) throw new Error("a kabupaten has at least one stack");
  return dirname(first.statePath);
}
