import type { Deviation } from "./deviation.ts";
import type { Engine } from "./docker-engine.ts";
import { findOrphans, stacksWithOrphans, type Orphans } from "./orphans.ts";
import type { Progress } from "./progress.ts";
import { containersInTheMaking, recordApplied, toMakeAgain, whyToPlan } from "./stack-applied.ts";
import type { Observation } from "./observation.ts";
import type { StackConfiguration } from "./stack-configuration.ts";
import { isSelected, isSelectedStack, targetsOf, type Selection } from "./stack-selection.ts";
import { byStack, surveyStacks } from "./stack-survey.ts";
import { schedule } from "./stack-schedule.ts";
import { readState, type StackState } from "./stack-state.ts";
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
  /** Servers that are made anew because somebody wants it so, as `role/name`. */
  readonly again: ReadonlySet<string>;
  /** Everything in which plan, state and engine differ. */
  readonly deviations: readonly Deviation[];
  readonly observation: Observation;
  /** By the stack's name. */
  readonly configurations: ReadonlyMap<string, StackConfiguration>;
}

export interface PlanAllOptions {
  /** Plan what did not change, too. */
  readonly refresh: boolean;
  /** Servers that may be made anew where nothing else helps, as `role/name`. */
  readonly named?: ReadonlySet<string>;
  /** Servers that are made anew though nothing is wrong with them, as `role/name`. */
  readonly again?: ReadonlySet<string>;
  /** Only these stacks, or things in them; everything where it is empty. */
  readonly only?: readonly Selection[];
}

/** How many stacks are planned at once: processors' work (lab, on 2 cores). */
export const AT_ONCE = 2;
/** How many stacks are applied at once: most of it is waiting, two seconds for each network (the provider's own pause). */
export const APPLIES_AT_ONCE = 4;

/** Plans all stacks before any is applied; they hold no references to each other. Changes nothing on the engine. */
export async function planStacks(
  run: StackRun,
  current: readonly StackToRun[],
  { refresh, named = new Set(), again = new Set(), only = [] }: PlanAllOptions,
): Promise<Planned> {
  const survey = await surveyStacks(run, current);
  const { observation, states, configurations } = survey;
  const stacks = survey.stacks.filter((stack) => isSelectedStack(only, stack.name));
  const deviations = survey.deviations.filter((one) => isSelected(only, one));
  const begun = await Promise.all(stacks.map(containersInTheMaking));
  const making = new Set(begun.flat());
  const within = observation.objects.filter(({ labels }) => isSelected(only, labels));
  const orphans = findOrphans(within, states, configurations, making);
  const touched = stacksWithOrphans(orphans, configurations);

  const reasons = await byStack(stacks, async (stack): Promise<string | undefined> => {
    if (refresh) return "asked for";
    if (touched.has(stack.name)) return "a run was cut off";
    const configuration = known(configurations, stack);
    return whyToPlan(stack, configuration, known(states, stack), deviations);
  });
  const due = stacks.filter((stack) => reasons.get(stack.name) !== undefined);
  const failures = await initialiseAll(run, due);
  const plans = await planAll(
    run,
    due.filter(({ name }) => !failures.has(name)),
    { configurations, states, orphans, deviations, named, again, only },
  );
  return {
    orphans,
    making,
    again,
    deviations,
    observation,
    configurations,
    stacks: stacks.map((stack): PlannedStack => {
      const why = reasons.get(stack.name);
      if (why === undefined) return { stack, kind: "unchanged" };
      const planned = failures.get(stack.name) ?? known(plans, stack);
      if ("reasons" in planned) return { stack, kind: "failed", failure: planned };
      return { stack, kind: "planned", plan: planned, why };
    }),
  };
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

/** What plans of stacks are made on. */
interface PlanningGround {
  readonly configurations: ReadonlyMap<string, StackConfiguration>;
  readonly states: ReadonlyMap<string, StackState>;
  readonly orphans: Orphans;
  readonly deviations: readonly Deviation[];
  readonly named: ReadonlySet<string>;
  readonly again: ReadonlySet<string>;
  readonly only: readonly Selection[];
}

async function planAll(
  { terraform, interrupt, progress }: StackRun,
  stacks: readonly StackToRun[],
  { configurations, states, orphans, deviations, named, again, only }: PlanningGround,
): Promise<ReadonlyMap<string, TerraformPlan | StackFailure>> {
  progress.begin("planning", stacks.length);
  const fates = await schedule(stacks.map(alone), {
    limit: AT_ONCE,
    work: async (stack) => {
      const imports = orphans.adopt.get(stack.name);
      const configuration = known(configurations, stack);
      const targets = targetsOf(only, stack.name, configuration, known(states, stack));
      const plan = await planStack(terraform, stack, {
        configuration,
        interrupt,
        targets,
        again: [
          ...toMakeAgain(
            configuration,
            deviations.filter((one) => one.stack === stack.name),
            named,
          ),
          ...containersOf(configuration, again),
        ],
        ...(imports && { imports }),
      });
      // Nothing to do is as good as applied: the next run need not ask terraform again.
      if (!("reasons" in plan) && !plan.hasChanges && !plan.partial)
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

/** Addresses of the containers of servers, named as `role/name`. */
function containersOf(
  { objects }: StackConfiguration,
  servers: ReadonlySet<string>,
): readonly string[] {
  return objects
    .filter(({ kind, role, slug }) => kind === "container" && servers.has(`${role}/${slug}`))
    .map(({ address }) => address);
}

/** Planning needs no order. */
function alone(stack: StackToRun): StackToRun {
  return { ...stack, needs: [] };
}
