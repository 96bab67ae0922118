import type { Diagnostic } from "../core/diagnostic.ts";
import type { Deviation } from "./deviation.ts";
import { driftFindings, type Reader } from "./drift-findings.ts";
import { isDrift, leftAlone } from "./drift-text.ts";
import { repairLive, type RepairFailure } from "./live-repair.ts";
import type { Describe } from "./plan-summary-words.ts";
import type { StackRun } from "./stack-plans.ts";
import { isSelected, type Selection } from "./stack-selection.ts";
import { surveyStacks } from "./stack-survey.ts";
import type { StackToRun } from "./stack-to-run.ts";

/**
 * Looks once more after an apply, puts right while it runs what had to wait for it (a server whose network was made anew),
 * and says what is still not as planned.
 * @returns errors for what drifted and stays so, warnings for what is nobody's
 */
export async function finishHealing(
  run: StackRun & Reader,
  current: readonly StackToRun[],
  { only, describe }: { readonly only: readonly Selection[]; readonly describe: Describe },
): Promise<readonly Diagnostic[]> {
  let survey = await surveyStacks(run, current);
  const within = (): readonly Deviation[] =>
    survey.deviations.filter((one) => isSelected(only, one));
  let failures: readonly RepairFailure[] = [];
  if (run.interrupt?.aborted !== true && within().some(({ healing }) => healing === "live")) {
    failures = await repairLive(run.engine, within(), survey.configurations);
    survey = await surveyStacks(run, current);
  }
  const left = within().filter(isDrift);
  const findings = await driftFindings(run, left, survey.observation, describe);
  return [...failures.map(repairRefused), ...leftAlone(findings)];
}

function repairRefused({ deviation, reason }: RepairFailure): Diagnostic {
  return {
    id: "repair-refused",
    severity: "error",
    what: `${deviation.kind} ${deviation.engineName} could not be put right while it runs: ${reason}`,
    why: "nothing is restarted for a repair that the engine does not take",
    fix: "see what it says, then run simpul deploy again",
  };
}
