import { inReadingOrder, type Diagnostic } from "../modules/core/diagnostic.ts";
import { diagnosticText } from "../modules/core/diagnostic-text.ts";

/** Exit codes of the CLI (DESIGN section 9). */
export const EXIT = { fine: 0, findings: 1, usage: 2, environment: 3 } as const;

/** The one place that prints and decides the exit code; commands are handed one. */
export interface Output {
  /** A line for people; silent under `--json`. */
  line(text: string): void;
  /** The one object for programs. */
  json(object: object): void;
  exitCode(code: number): void;
  /** Rewrites the last line; only on a terminal. */
  status?(text: string): void;
  /** Asks a person, undefined when they broke off; only where one sits at a terminal. */
  ask?(question: string): Promise<string | undefined>;
}

/** Prints to the terminal. */
export function terminalOutput(): Output {
  // Whoever reads may stop early (`| head`) or close the terminal: no reason to break off what is being deployed.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  return {
    line: (text) => process.stdout.write(`${text}\n`),
    json: (object) => process.stdout.write(`${JSON.stringify(object, bigintAsNumber)}\n`),
    exitCode: (code) => {
      process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
    },
    ...(process.stdout.isTTY && {
      status: (text: string) => process.stdout.write(`\r\u001B[K${text}`),
    }),
    ...(process.stdout.isTTY && process.stdin.isTTY && { ask }),
  };
}

async function ask(question: string): Promise<string | undefined> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const interrupted = new AbortController();
  // Ctrl-C, and Ctrl-D or a terminal that is gone.
  for (const end of ["SIGINT", "close"] as const) terminal.on(end, () => interrupted.abort());
  try {
    return await terminal.question(question, { signal: interrupted.signal });
  } catch {
    return undefined;
  } finally {
    terminal.close();
  }
}

/** Options that every command of a kabupaten takes. */
export interface CommonOptions {
  readonly kabupaten: string;
  readonly inventory: string;
  /** `2026-11-23`; today where it is absent. */
  readonly today?: string;
  readonly json?: boolean;
}

/** Prints findings, worst last so that they stand above the prompt, and sets the exit code. */
export function report(
  output: Output,
  command: string,
  options: CommonOptions,
  findings: readonly Diagnostic[],
  more: object = {},
): void {
  const ok = !findings.some(({ severity }) => severity === "error");
  if (options.json === true)
    output.json({ command, kabupaten: options.kabupaten, ok, findings, ...more });
  else
    for (const finding of inReadingOrder(findings).toSorted(bySeverity))
      output.line(diagnosticText(finding));
  if (!ok) output.exitCode(EXIT.findings);
}

const ORDER = { info: 0, warning: 1, error: 2 };

function bySeverity(a: Diagnostic, b: Diagnostic): number {
  return ORDER[a.severity] - ORDER[b.severity];
}

function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
