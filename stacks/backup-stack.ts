import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import { replicaSourcePart } from "./replica-source-part.ts";
import { routedPart } from "./routed-part.ts";
import { voterPart } from "./voter-part.ts";

/** What backs up the Pusat Data, behind a gateway of its own. */
export function backupStack(
  context: StackContext,
  plan: KabupatenPlan,
  options: SynthesisOptions,
): void {
  const routed = routedPart(context, plan);
  replicaSourcePart(context, plan, options, routed);
  voterPart(context, plan, options, routed);
}
