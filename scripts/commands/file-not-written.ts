import type { Diagnostic } from "../../modules/core/diagnostic.ts";

/** What `--out` names could not be written. */
export function fileNotWritten(out: string, error: unknown): Diagnostic {
  return {
    id: "file-not-written",
    severity: "error",
    what: `${out} could not be written: ${(error as Error).message}`,
    why: "--out names a file in a folder that exists and may be written to",
    fix: "name another file, or make its folder",
  };
}
