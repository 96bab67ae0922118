import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { HostStepCall } from "../modules/engine/host-step-call.ts";
import { readConfiguration } from "../modules/engine/stack-configuration.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import type { SynthesisOptions } from "./kabupaten-stack.ts";
import { synthesise } from "./synthesise.ts";

/** What all stacks ask of their host, in the order of the stacks; a deploy that runs meanwhile is not disturbed. */
export async function hostStepsOf(
  plan: KabupatenPlan,
  options: SynthesisOptions,
): Promise<readonly HostStepCall[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "simpul-host-steps-"));
  try {
    const stacks = synthesise(plan, options, folder);
    const read = await Promise.all(stacks.map(readConfiguration));
    return read.flatMap(({ steps }) => steps);
  } finally {
    await rm(folder, { recursive: true });
  }
}
