import { execFile } from "node:child_process";

export interface ProgramResult {
  /** The program started and ended with exit code 0. */
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a short program without a shell; a missing program is a result like any other. */
export function runProgram(
  program: string,
  args: readonly string[],
  timeoutMilliseconds = 10_000,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { timeout: timeoutMilliseconds, maxBuffer: 64 * 1024 * 1024 },
      (error, output) => {
        resolve({ ok: error === null, output });
      },
    );
  });
}
