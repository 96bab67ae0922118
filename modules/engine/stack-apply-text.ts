import type { StackOutcome } from "./stack-apply.ts";
import { INTERRUPTED } from "./terraform-failure.ts";

/** What is up, what failed and why, what was not tried, and how to go on. */
export function outcomeText(outcomes: readonly StackOutcome[]): readonly string[] {
  const up = outcomes.filter(({ outcome }) => outcome === "applied" || outcome === "unchanged");
  const lines = up.length === 0 ? [] : [`Up: ${up.map(({ name }) => name).join(", ")}`];
  if (up.length === outcomes.length) return [...lines, "Deployed: what runs is what was shown."];
  return [...lines, ...outcomes.flatMap(leftText), "To go on, the same command: simpul deploy"];
}

function leftText({ name, title, outcome, reasons, log }: StackOutcome): readonly string[] {
  if (outcome === "not-tried") return [`Not tried: ${name} (${waiting(reasons)})`];
  if (outcome !== "failed") return [];
  if (reasons.includes(INTERRUPTED))
    return [`Stopped ${name}: what it had begun was brought to an end and is in its state`];
  return [
    `FAILED ${name} (${title})`,
    ...reasons.map((reason) => `  ${reason}`),
    ...log.map((line) => `    ${line}`),
  ];
}

function waiting(reasons: readonly string[]): string {
  return reasons.includes(INTERRUPTED) ? INTERRUPTED : `needs ${reasons.join(", ")}`;
}
