import { dirname } from "node:path";

import { listObjects, type EngineObject } from "./docker-objects.ts";
import type { Engine } from "./docker-engine.ts";
import { findOrphans, stacksWithOrphans, type Orphans } from "./orphans.ts";
import type { Progress } from "./progress.ts";
import { containersInTheMaking, recordApplied, toMakeAgain, whyToPlan } from "./stack-applied.ts";
import { readConfiguration, type StackConfiguration } from "./stack-configuration.ts";
import { retiredStacks } from "./stack-retired.ts";
import { schedule } from "./stack-schedule.ts";
import { readState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { INTERRUPTED, type StackFailure } from "./terraform-failure.ts";
import { initialise, initLimit } from "./terraform-init.ts";
import { planStack, type TerraformPlan } from "./terraform-plan.ts";
import type { Terraform } from "./terraform-process.ts";

/** What every run on the stacks of one kabupaten needs. */
export interface StackRun {
  readonly kabupaten: string;
  readonly terraform: Terraform;
  readonly engine: Engine;
  readonly progress: Progress;
  readonly interrupt?: AbortSignal | undefined;
}

/** How far a stack came before anything was applied. */
export type PlannedStack =
  | { readonly stack: StackToRun; readonly kind: "unchanged" }
  | {
      readonly stack: StackToRun;
      readonly kind: "planned";
      readonly plan: TerraformPlan;
      readonly why: string;
    }
  | { readonly stack: StackToRun; readonly kind: "failed"; readonly failure: StackFailure };

export interface Planned {
  readonly stacks: readonly PlannedStack[];
  readonly orphans: Orphans;
  /** Names of the containers that an unfinished apply was to make. */
  readonly making: ReadonlySet<string>;
}

export interface PlanAllOptions {
  /** Plan what did not change, too. */
  readonly refresh: boolean;
}

/** How many terraforms at once. More makes the engine slower, not the work faster (lab, on 2 cores). */
export const AT_ONCE = 2;

/** Plans all stacks before any is applied; they hold no references to each other. Changes nothing on the engine. */
export async function planStacks(
  run: StackRun,
  current: readonly StackToRun[],
  { refresh }: PlanAllOptions,
): Promise<Planned> {
  const retired = await retiredStacks(run.kabupaten, stateFolder(current), current);
  const stacks = [...retired, ...current];
  const [live, states, configurations, begun] = await Promise.all([
    listObjects(run.engine, run.kabupaten),
    byName(stacks, ({ statePath }) => readState(statePath)),
    byName(stacks, readConfiguration),
    Promise.all(stacks.map(containersInTheMaking)),
  ]);
  const making = new Set(begun.flat());
  const orphans = findOrphans(live, states, configurations, making);
  const touched = stacksWithOrphans(orphans, configurations);

  const reasons = await byName(stacks, async (stack): Promise<string | undefined> => {
    if (refresh) return "asked for";
    if (touched.has(stack.name)) return "a run was cut off";
    const configuration = known(configurations, stack);
    return whyToPlan(stack, configuration, known(states, stack), live);
  });
  const due = stacks.filter((stack) => reasons.get(stack.name) !== undefined);
  const failures = await initialiseAll(run, due);
  const plans = await planAll(
    run,
    due.filter(({ name }) => !failures.has(name)),
    configurations,
    orphans,
    live,
  );
  return {
    orphans,
    making,
    stacks: stacks.map((stack): PlannedStack => {
      const why = reasons.get(stack.name);
      if (why === undefined) return { stack, kind: "unchanged" };
      const planned = failures.get(stack.name) ?? known(plans, stack);
      if ("reasons" in planned) return { stack, kind: "failed", failure: planned };
      return { stack, kind: "planned", plan: planned, why };
    }),
  };
}

/** The folder that holds a kabupaten's states. */
export function stateFolder(stacks: readonly StackToRun[]): string {
  const [first] = stacks;
  if (first === undefined) throw new Error("a kabupaten has at least one stack");
  return dirname(first.statePath);
}

async function byName<V>(
  stacks: readonly StackToRun[],
  value: (stack: StackToRun) => Promise<V>,
): Promise<ReadonlyMap<string, V>> {
  return new Map(
    await Promise.all(stacks.map(async (stack) => [stack.name, await value(stack)] as const)),
  );
}

function known<V>(map: ReadonlyMap<string, V>, { name }: StackToRun): V {
  const value = map.get(name);
  if (value === undefined) throw new Error(`nothing is known of stack ${name}`);
  return value;
}

/** Makes folders ready for terraform; says of which stacks it failed. */
export async function initialiseAll(
  { terraform, interrupt, progress }: StackRun,
  stacks: readonly StackToRun[],
): Promise<ReadonlyMap<string, StackFailure>> {
  progress.begin("preparing", stacks.length);
  const fates = await schedule(stacks.map(alone), {
    limit: initLimit(terraform),
    work: async (stack) => {
      const reason = await initialise(terraform, stack, interrupt);
      progress.step(stack.name);
      return reason;
    },
    succeeded: (reason) => reason === undefined,
    interrupt,
  });
  progress.end();
  const failed = [...fates].flatMap(([name, fate]): [string, StackFailure][] => {
    if (fate.kind === "done") return [];
    const reason = fate.kind === "failed" ? fate.result : undefined;
    return [[name, { reasons: [reason ?? INTERRUPTED], refusedBy: [] }]];
  });
  return new Map(failed);
}

async function planAll(
  { terraform, interrupt, progress }: StackRun,
  stacks: readonly StackToRun[],
  configurations: ReadonlyMap<string, StackConfiguration>,
  orphans: Orphans,
  live: readonly EngineObject[],
): Promise<ReadonlyMap<string, TerraformPlan | StackFailure>> {
  progress.begin("planning", stacks.length);
  const fates = await schedule(stacks.map(alone), {
    limit: AT_ONCE,
    work: async (stack) => {
      const imports = orphans.adopt.get(stack.name);
      const configuration = known(configurations, stack);
      const plan = await planStack(terraform, stack, {
        configuration,
        interrupt,
        again: toMakeAgain(configuration, live),
        ...(imports && { imports }),
      });
      // Nothing to do is as good as applied: the next run need not ask terraform again.
      if (!("reasons" in plan) && !plan.hasChanges)
        await recordApplied(stack, configuration, await readState(stack.statePath));
      progress.step(stack.name);
      return plan;
    },
    succeeded: () => true,
    interrupt,
  });
  progress.end();
  return new Map(
    [...fates].map(([name, fate]) => [
      name,
      fate.kind === "not-tried" ? { reasons: [INTERRUPTED], refusedBy: [] } : fate.result,
    ]),
  );
}

/** Planning needs no order. */
function alone(stack: StackToRun): StackToRun {
  return { ...stack, needs: [] };
}
