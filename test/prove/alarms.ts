import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Said } from "../twin/kabupaten-lab.ts";
import { lastLines } from "./prove-lab.ts";

/** What a command with `--json` found wrong, warnings too; what it said where that is no JSON. */
export function alarmsIn({ exitCode, stdout, stderr }: Said): readonly string[] {
  if (!stdout.startsWith("{"))
    return exitCode === 0 ? [] : [lastLines(stdout + stderr) || `it ended with ${exitCode}`];
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Diagnostic[] };
  const told = findings
    .filter(({ severity }) => severity !== "info")
    .map(({ id, what }) => `${id}: ${what}`);
  return told.length === 0 && exitCode !== 0 ? [`it ended with ${exitCode}`] : told;
}
