import { createHash } from "node:crypto";

import type { Severity } from "../core/diagnostic.ts";

/** What somebody wants to keep: what was checked, which duties it speaks of, and what came of it. */
export interface Evidence {
  /** What made it, kebab-case: `verify-backup`, `document`, `drill-drc`. */
  readonly kind: string;
  /** Ids of the obligations that it speaks of: `temanggung-15-1`. */
  readonly obligations: readonly string[];
  /** What it is about, where that is one thing: a repository, a file. */
  readonly subject?: string;
  /** Figures by name, units in the names; by part where there are several. */
  readonly measured: Readonly<Record<string, unknown>>;
  readonly findings: readonly EvidenceFinding[];
  /** Software that took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A diagnostic as it is kept: places of files move, so they are left out. */
export interface EvidenceFinding {
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
}

/** One line of the ledger, as JSON in exactly this order of fields. */
export interface EvidenceLine extends Evidence {
  /** SHA-256 of this writer's line before, its newline included; zeros in the first. */
  readonly previous: string;
  /** Counts this writer's lines from 1, over all months. */
  readonly sequence: number;
  /** UTC, with milliseconds: `2026-11-23T02:00:14.123Z`. */
  readonly time: string;
  /** No finding of severity error. */
  readonly ok: boolean;
}

/** Where a line stands in its writer's chain. */
export interface ChainPosition {
  readonly sequence: number;
  readonly previous: string;
}

/** What the first line of a writer follows. */
export const NOTHING_BEFORE = "0".repeat(64);

/** The line's text, with its newline. */
export function lineText(
  evidence: Evidence,
  { previous, sequence }: ChainPosition,
  time: Date,
): string {
  const { kind, obligations, subject, measured, findings, versions } = evidence;
  const line: EvidenceLine = {
    previous,
    sequence,
    time: time.toISOString(),
    kind,
    obligations,
    ...(subject !== undefined && { subject }),
    ok: !findings.some(({ severity }) => severity === "error"),
    measured,
    findings: findings.map(({ id, severity, what }) => ({ id, severity, what })),
    versions,
  };
  return `${JSON.stringify(line, bigintAsNumber)}\n`;
}

/** SHA-256 in hexadecimal; `sed -n 17p FILE | sha256sum` says the same. */
export function lineHash(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A line whose hash was seen to be right; undefined where it is no JSON. */
export function parseLine(text: string): EvidenceLine | undefined {
  try {
    return JSON.parse(text) as EvidenceLine;
  } catch {
    return undefined;
  }
}

function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
