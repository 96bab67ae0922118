import type { Diagnostic } from "../core/diagnostic.ts";
import type { Deviation } from "./deviation.ts";

/** Whether somebody changed the engine: what the plan does not say by itself. */
export function isDrift({ class: of }: Deviation): boolean {
  return of === "drifted" || of === "foreign";
}

/** What drifted, in the lines that stand above a plan. */
export function driftText(findings: readonly Diagnostic[]): readonly string[] {
  if (findings.length === 0) return [];
  return ["Drift", ...findings.flatMap(({ what, fix }) => [`  ! ${what}`, `    ${fix}`]), ""];
}

/** What a deploy that had nothing to do leaves as it is: an error where it drifted, a warning where it is a stranger's. */
export function leftAlone(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  return findings.map((one) => (one.id === "foreign" ? { ...one, severity: "warning" } : one));
}
