import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { nearest } from "../../modules/inventory/suggestion.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { VpsPlan } from "../../modules/plan/vps-plan.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** The VPS of that name; else what was probably meant. */
export function findVps(plan: KabupatenPlan, asked: string): VpsPlan | Diagnostic {
  const found = plan.vps.find(({ name }) => name === asked);
  if (found !== undefined) return found;
  const meant = nearest(
    asked,
    plan.vps.map(({ name }) => name),
  );
  return wrongArgument(
    `there is no VPS "${asked}" in ${plan.title}`,
    meant === undefined
      ? "name it by its file in vps/; simpul vps list shows all (archived ones are gone)"
      : `write ${meant}`,
  );
}
