import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { backupAtDrc } from "./backup-stack.ts";
import type { SecretsFolder } from "./dns-secrets.ts";
import { routedPart } from "./routed-part.ts";

/** Everything at the DRC but its core routers. */
export function drcStack(context: StackContext, plan: KabupatenPlan, backup?: SecretsFolder): void {
  const part = routedPart(context, plan);
  if (plan.backup !== undefined && backup !== undefined)
    backupAtDrc(context, plan, plan.backup, part, backup);
}
