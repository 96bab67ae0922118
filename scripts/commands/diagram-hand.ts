import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { fileNotWritten } from "./file-not-written.ts";

/** A picture as text, and what programs are told about it beside that. */
export interface DrawnText {
  readonly text: string;
  readonly format: "svg" | "dot";
  /** Whether it shows how things are, or the plan alone. */
  readonly live: boolean;
}

/** Says what is wrong instead of a picture. */
export function refuse(
  output: Output,
  words: string,
  options: CommonOptions,
  finding: Diagnostic,
  code: number,
): void {
  report(output, words, options, [finding]);
  output.exitCode(code);
}

/** To the file that was asked for, into the one object, or onto the terminal. */
export async function hand(
  output: Output,
  words: string,
  options: CommonOptions & { readonly out?: string },
  findings: readonly Diagnostic[],
  { text, ...about }: DrawnText,
): Promise<void> {
  const { kabupaten, json, out } = options;
  if (out === undefined) {
    if (json === true) report(output, words, options, findings, { ...about, diagram: text });
    else output.line(text.trimEnd());
    return;
  }
  const problem = await written(out, text);
  if (problem !== undefined) return refuse(output, words, options, problem, EXIT.usage);
  report(output, words, options, findings, { ...about, out });
  const how = about.live ? "as it is now" : "as planned";
  if (json !== true) output.line(`${out}: ${words} of ${kabupaten}, ${how} (${about.format})`);
}

async function written(out: string, text: string): Promise<Diagnostic | undefined> {
  const { writeFile } = await import("node:fs/promises");
  try {
    await writeFile(out, text);
    return undefined;
  } catch (error) {
    return fileNotWritten(out, error);
  }
}
