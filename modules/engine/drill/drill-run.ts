import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Progress } from "../progress.ts";
import { writeDrill, type DrillState } from "./drill-state.ts";
import type { DrillStep } from "./drill-steps.ts";

/** How a drill's steps went. */
export interface DrillRun {
  readonly state: DrillState;
  /** Why it stands still; absent when all steps are done. */
  readonly refused?: Diagnostic;
  /** Seconds of each step that this run did. */
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Does the steps that are not done yet, and writes down each before it begins and when it is done.
 * @param goesOn asked before each step; `false` stops there, and the drill can be gone on with later
 */
export async function runDrill(
  folder: string,
  begun: DrillState,
  steps: readonly DrillStep[],
  progress: Progress,
  goesOn: (step: DrillStep) => Promise<boolean>,
): Promise<DrillRun> {
  let state = begun;
  const seconds: Record<string, number> = {};
  const left = steps.filter(({ id }) => !state.done.includes(id));
  progress.begin("drill", left.length);
  for (const step of left) {
    if (!(await goesOn(step))) return { state, seconds };
    state = { ...state, at: step.id };
    await writeDrill(folder, state);
    const began = Date.now();
    const refused = await step.run();
    seconds[step.id] = (Date.now() - began) / 1000;
    if (refused !== undefined) return { state, refused, seconds };
    state = { ...state, done: [...state.done, step.id] };
    await writeDrill(folder, state);
    progress.step(`${step.words} (${seconds[step.id]!.toFixed(1)} s)`);
  }
  progress.end();
  return { state, seconds };
}
