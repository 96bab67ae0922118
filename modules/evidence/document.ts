import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";

import type { CalendarDate } from "../core/calendar-date.ts";
import type { Evidence } from "./evidence-line.ts";

/** A document that somebody files as proof: it stays in the office's archive, its hash is kept. */
export interface FiledDocument {
  readonly file: string;
  /** Of the document itself, as it says; when it was filed the line's time says. */
  readonly date: CalendarDate;
  readonly obligations: readonly string[];
  /** Words for people. */
  readonly title?: string;
}

/** @throws Error of the system when the file cannot be read */
export async function documentEvidence(
  { file, date, obligations, title }: FiledDocument,
  versions: Evidence["versions"],
): Promise<Evidence> {
  const { size } = await stat(file);
  return {
    kind: "document",
    obligations,
    subject: path.basename(file),
    measured: {
      date: date.text,
      sha256: await sha256Of(file),
      bytes: size,
      ...(title !== undefined && { title }),
    },
    findings: [],
    versions,
  };
}

/** SHA-256 of a file in hexadecimal, as sha256sum says it. */
export async function sha256Of(file: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const part of createReadStream(file)) sum.update(part as Buffer);
  return sum.digest("hex");
}
