/** `error` blocks, `warning` asks for a look, `info` only tells. */
export type Severity = "error" | "warning" | "info";

/** A spot in an inventory file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing a person should know, where it is, and what to do about it. */
export interface Diagnostic {
  /** Stable kebab-case name, listed in docs/diagnostics.md. */
  readonly id: string;
  readonly severity: Severity;
  readonly at?: Place;
  readonly what: string;
  /** The pasal, RFC or technical reason. */
  readonly why: string;
  readonly fix: string;
}

export function errorAt(at: Place, id: string, what: string, why: string, fix: string): Diagnostic {
  return { id, severity: "error", at, what, why, fix };
}

/** What stops a command: exit code 1, and the next phase does not run. */
export function hasErrors(findings: readonly Diagnostic[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}

/** By file, line and column, so that two runs print the same text; what has no place comes first. */
export function inReadingOrder(findings: readonly Diagnostic[]): Diagnostic[] {
  return findings.toSorted(
    (a, b) =>
      compareTexts(a.at?.file ?? "", b.at?.file ?? "") ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0) ||
      compareTexts(a.id, b.id),
  );
}

/** By code units: the same order on every machine, whatever its locale. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
