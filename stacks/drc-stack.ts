import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { backupAtDrc } from "./backup-stack.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import { routedPart } from "./routed-part.ts";

/** Everything at the DRC but its core routers. */
export function drcStack(
  context: StackContext,
  plan: KabupatenPlan,
  options: SynthesisOptions,
): void {
  const part = routedPart(context, plan);
  if (plan.backup !== undefined && options.backup?.drc !== undefined)
    backupAtDrc(context, plan, plan.backup, part, options.backup.drc);
}
