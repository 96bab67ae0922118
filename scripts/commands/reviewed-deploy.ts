import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { ReviewedPlan } from "../../modules/engine/reviewed-plan.ts";
import type { PlanSummary } from "../../modules/engine/plan-summary.ts";
import type { Planned } from "../../modules/engine/stack-plans.ts";
import type { CommonOptions } from "../output.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** What a deploy may be told, of which a reviewed plan has decided some already. */
export interface ReviewableOptions extends CommonOptions {
  readonly plan?: string;
  readonly all?: boolean;
  readonly replace: readonly string[];
  readonly destroy: readonly string[];
  readonly only: readonly string[];
  readonly allowBlast?: boolean;
}

/** The reviewed plan that a deploy is told to apply, and the options that go with it; or why there is none. */
export async function reviewedDeploy<O extends ReviewableOptions>(
  options: O,
): Promise<{ readonly options: O; readonly reviewed?: ReviewedPlan } | Diagnostic> {
  const { plan: folder, all, replace, destroy, only, allowBlast } = options;
  if (folder === undefined) return { options };
  const others = [...replace, ...destroy, ...only].length > 0;
  if (others || all === true || allowBlast === true)
    return wrongArgument(
      "--plan stands alone: what may be replaced, destroyed or left out was settled when it was made",
      "give those options to simpul plan --out, and review that plan",
    );
  const { readReviewedPlan } = await import("../../modules/engine/reviewed-plan.ts");
  const reviewed = await readReviewedPlan(folder);
  if ("severity" in reviewed) return reviewed;
  return { reviewed, options: { ...options, ...reviewed.permissions } };
}

/** An error when anything is no longer as it was reviewed. */
export async function whatMoved(
  reviewed: ReviewedPlan | undefined,
  options: ReviewableOptions,
  planned: Planned,
  summary: PlanSummary,
): Promise<readonly Diagnostic[]> {
  if (reviewed === undefined) return [];
  const { movedOn, movedSince } = await import("../../modules/engine/reviewed-plan.ts");
  const { reviewGround } = await import("./review-ground.ts");
  const ground = await reviewGround(options, reviewed.permissions);
  const moved = await movedSince(reviewed, ground, planned, summary);
  return moved.length === 0 ? [] : [movedOn(moved)];
}
