import path from "node:path";

import { loadInventory } from "../../modules/inventory/load.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";

/** The plan of the tests' own kabupaten. */
export async function ujiPlan(): Promise<KabupatenPlan> {
  const directory = path.join(import.meta.dirname, "../fixtures/inventory");
  const { inventory, findings } = await loadInventory({ directory, kabupaten: "uji" });
  const plan = inventory && makePlan(inventory).plan;
  if (plan === undefined) throw new Error(JSON.stringify(findings));
  return plan;
}
