import { open } from "node:fs/promises";
import path from "node:path";

import { compareTexts } from "../core/diagnostic.ts";
import { parseLine, type EvidenceLine } from "./evidence-line.ts";
import { monthOf, writersIn } from "./ledger.ts";

/** Which lines somebody asks for; what is absent lets all through. */
export interface EvidenceFilter {
  readonly obligation?: string;
  readonly kind?: string;
  /** UTC, as far as one cares to say: `2026-11`, `2026-11-23`. Included. */
  readonly since?: string;
  /** The same; the whole of that month or day is included. */
  readonly until?: string;
  /** SHA-256 of a document that was filed. */
  readonly document?: string;
}

export interface ListedEvidence extends EvidenceLine {
  readonly writer: string;
}

/** Lines of all writers that somebody asks for, in the order of their times. What is no line of ours is `verify`'s to tell. */
export async function listEvidence(
  folder: string,
  filter: EvidenceFilter,
): Promise<readonly ListedEvidence[]> {
  const found: ListedEvidence[] = [];
  for (const { writer, files } of await writersIn(folder))
    for (const file of files.filter((each) => isAskedFor(monthOf(each), filter)))
      for await (const line of linesOf(path.join(folder, file)))
        if (isAskedFor(line.time, filter) && fits(line, filter)) found.push({ ...line, writer });
  return found.toSorted(
    (a, b) =>
      compareTexts(a.time, b.time) || compareTexts(a.writer, b.writer) || a.sequence - b.sequence,
  );
}

async function* linesOf(file: string): AsyncGenerator<EvidenceLine> {
  const handle = await open(file, "r");
  try {
    for await (const text of handle.readLines()) {
      const line = parseLine(text);
      if (isOurs(line)) yield line;
    }
  } finally {
    await handle.close();
  }
}

/** Somebody may have put anything there. */
function isOurs(line: EvidenceLine | undefined): line is EvidenceLine {
  return (
    typeof line === "object" &&
    line !== null &&
    typeof line.time === "string" &&
    typeof line.kind === "string" &&
    Array.isArray(line.obligations) &&
    Array.isArray(line.findings)
  );
}

/** Compares as much of a time as both say: a month is asked for as a whole. */
function isAskedFor(time: string, { since, until }: EvidenceFilter): boolean {
  const reaches = (limit: string, sign: 1 | -1): boolean => {
    const length = Math.min(limit.length, time.length);
    return compareTexts(time.slice(0, length), limit.slice(0, length)) * sign >= 0;
  };
  return (since === undefined || reaches(since, 1)) && (until === undefined || reaches(until, -1));
}

function fits(line: EvidenceLine, { obligation, kind, document }: EvidenceFilter): boolean {
  return (
    (obligation === undefined || line.obligations.includes(obligation)) &&
    (kind === undefined || line.kind === kind) &&
    (document === undefined || line.measured["sha256"] === document)
  );
}
