import path from "node:path";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { LiveState } from "../../modules/render/diagram/live-state.ts";
import type { Prepared } from "../project.ts";

/** What setup found out about this machine. */
const ENVIRONMENT_FILE = path.resolve(import.meta.dirname, "../../.simpul/env");

/**
 * How everything is on the engine. Asked for (`wanted`), it must be there, or the finding says why it is not; else it
 * is shown where there is something to see.
 */
export async function liveOf(
  { plan, inventory }: Prepared,
  wanted: boolean | undefined,
): Promise<{ readonly live?: LiveState; readonly finding?: Diagnostic }> {
  if (wanted === false) return {};
  const { engineProblem, localEngine } = await import("../../modules/engine/docker-engine.ts");
  const { terraformEnvironment } = await import("../../modules/engine/terraform-environment.ts");
  const { observeLive } = await import("../../modules/verify/live-state.ts");
  const engine = localEngine(await terraformEnvironment(ENVIRONMENT_FILE, process.env));
  const problem = await engineProblem(engine);
  if (problem !== undefined) return wanted === true ? { finding: problem } : {};
  const live = await observeLive(plan, inventory.kabupaten, engine);
  if (live !== undefined) return { live };
  const { notDeployed } = await import("../../modules/verify/verify.ts");
  return wanted === true ? { finding: notDeployed(plan, engine) } : {};
}
