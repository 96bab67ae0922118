import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Deviation } from "./deviation.ts";
import type { Engine } from "./docker-engine.ts";
import { deviationFinding } from "./drift-words.ts";
import { whenItHappened } from "./engine-events.ts";
import type { Observation } from "./observation.ts";
import type { Describe } from "./plan-summary-words.ts";

export interface Reader {
  readonly engine: Engine;
  readonly kabupaten: string;
  readonly placeOf: (role: string, name: string) => Place | undefined;
}

/** Deviations as findings, with the time at which the engine saw them happen; it is asked only when there are some. */
export async function driftFindings(
  { engine, kabupaten, placeOf }: Reader,
  deviations: readonly Deviation[],
  observation: Observation,
  describe: Describe,
): Promise<readonly Diagnostic[]> {
  if (deviations.length === 0) return [];
  const since = await whenItHappened(engine, observation);
  const words = { kabupaten, describe, placeOf, since };
  return deviations.map((deviation) => deviationFinding(deviation, words));
}
