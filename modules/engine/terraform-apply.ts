import { rm } from "node:fs/promises";

import type { StackToRun } from "./stack-to-run.ts";
import { parseEvent, type TerraformEvent } from "./terraform-events.ts";
import {
  failureOf,
  INTERRUPTED,
  type StackFailure,
  type TerraformDiagnostic,
} from "./terraform-failure.ts";
import { LOCK_TIMEOUT, type TerraformPlan } from "./terraform-plan.ts";
import { runTerraform, type Terraform } from "./terraform-process.ts";

export interface ApplyOptions {
  /** Told of each resource as it begins and ends. */
  readonly onEvent: (event: TerraformEvent) => void;
  readonly interrupt?: AbortSignal | undefined;
}

/**
 * Applies a saved plan, which is used up by it.
 * @returns nothing when all of it was done, else why not; what was done before that stays and is in the state
 */
export async function applyPlan(
  terraform: Terraform,
  stack: StackToRun,
  plan: TerraformPlan,
  { onEvent, interrupt }: ApplyOptions,
): Promise<StackFailure | undefined> {
  const diagnostics: TerraformDiagnostic[] = [];
  const { code, stderr } = await runTerraform(terraform, {
    directory: stack.directory,
    arguments: ["apply", "-json", LOCK_TIMEOUT, plan.planFile],
    onLine: (line) => {
      const event = parseEvent(line);
      if (event?.kind === "diagnostic") diagnostics.push(event.diagnostic);
      if (event !== undefined) onEvent(event);
    },
    interrupt,
  });
  await rm(plan.planFile, { force: true });
  if (code === 0) return undefined;
  const { reasons, refusedBy } = failureOf(diagnostics, (address) => nameIn(plan, address), stderr);
  return interrupt?.aborted ? { reasons: [INTERRUPTED], refusedBy: [] } : { reasons, refusedBy };
}

/** The name on the engine of a planned resource. */
export function nameIn(plan: TerraformPlan, address: string): string | undefined {
  const change = plan.changes.find((one) => one.address === address)?.change;
  return (change?.after ?? change?.before)?.name;
}

/** How many `done` events an apply of this plan brings: a replacement ends twice. */
export function stepsOf(plan: TerraformPlan): number {
  const steps = plan.changes
    .filter(({ mode }) => mode === "managed")
    .map(({ change }) => change.actions);
  return steps
    .flat()
    .filter((action) => action !== "no-op" && action !== "read" && action !== "forget").length;
}
