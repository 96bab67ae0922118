import type { Diagnostic } from "../core/diagnostic.ts";
import type { VolumeCopy } from "../engine/standby.ts";
import type { ReplicaPlan } from "../plan/drc-plan.ts";
import type { VerifyContext } from "./topic.ts";

/** Rounds after which a copy is too old: one that is under way, and one that failed. */
const ROUNDS = 3;

/** Age of the oldest copy that is in use, by when it began; undefined where there is none. */
export function oldestCopySeconds(copies: readonly VolumeCopy[], now: number): number | undefined {
  const ages = copies.flatMap(({ began, active }) =>
    began === undefined || active ? [] : [now - began],
  );
  return ages.length === 0 ? undefined : Math.max(...ages);
}

/**
 * Copies that are missing or too old. A standby at work gets none.
 * @param upSeconds since the copier runs: one that has just started had no time
 * @param now seconds of Unix time
 */
export function compareCopies(
  { placeOf }: Pick<VerifyContext, "placeOf">,
  { everySeconds }: ReplicaPlan,
  copies: readonly VolumeCopy[],
  upSeconds: number,
  now: number,
): readonly Diagnostic[] {
  const most = everySeconds * ROUNDS;
  return copies
    .filter(({ active }) => !active)
    .flatMap((copy) => {
      const age = copy.began === undefined ? undefined : now - copy.began;
      if (age !== undefined && age <= most) return [];
      // One that fails is tried again in seconds; the way to the Pusat Data may come up after the copier.
      const patience = copy.failed === undefined ? most : everySeconds;
      if (age === undefined && upSeconds < patience) return [];
      const place = placeOf(copy.server);
      return [{ ...tooOld(copy, age, everySeconds), ...(place && { at: place }) }];
    });
}

function tooOld(
  { server, failed }: VolumeCopy,
  age: number | undefined,
  everySeconds: number,
): Diagnostic {
  const because = failed === undefined ? "" : `; the last try failed: ${failed.why}`;
  return {
    id: "copy-too-old",
    severity: "error",
    what:
      age === undefined
        ? `the DRC has no copy of the volume of ${server}${because}`
        : `the DRC's copy of the volume of ${server} is ${Math.round(age)} s old, though one is made every ${everySeconds} s${because}`,
    why: "what was written since then is lost with the Pusat Data: that is its recovery point (RPO)",
    fix: "docker logs --tail 30 of the copier (replica-drc) and of replica-source at the Pusat Data; a full volume needs a larger disk: in the server's file",
  };
}
