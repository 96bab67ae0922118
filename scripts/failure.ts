import { CommanderError } from "commander";

import type { Diagnostic } from "../modules/core/diagnostic.ts";
import { EXIT } from "./output.ts";

/** What ended a command before it could say so itself, and the exit code that belongs to it. */
export interface Failure {
  readonly finding: Diagnostic;
  readonly exitCode: number;
}

/** Turns what was thrown into words; a mistake of ours also leaves its trace on standard error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return { finding: wrongUsage(error), exitCode: EXIT.usage };
  if (error instanceof Error && error.name === "EngineRefusal")
    return { finding: engineRefused(error), exitCode: EXIT.environment };
  if (error instanceof Error && "syscall" in error)
    return { finding: machineRefused(error), exitCode: EXIT.environment };
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return { finding: ownMistake(error), exitCode: EXIT.findings };
}

/** The engine or its host stopped answering in the middle. */
export function engineRefused({ message }: Error): Diagnostic {
  return {
    id: "engine-refused",
    severity: "error",
    what: message,
    why: "the engine or its host stopped in the middle; what was done until then stays",
    fix: "see that it is well (simpul doctor), then run the same command again",
  };
}

function wrongUsage({ message, code }: CommanderError): Diagnostic {
  return {
    id: "wrong-usage",
    severity: "error",
    what: code === "commander.help" ? "a command is missing" : message.replace(/^error: /, ""),
    why: "nothing was done: a guess could have been the wrong thing",
    fix: "simpul --help shows the commands, simpul COMMAND --help its options",
  };
}

function machineRefused({ message }: Error): Diagnostic {
  return {
    id: "machine-refused",
    severity: "error",
    what: message,
    why: "this machine did not let the command read, write or start something that it needs",
    fix: "see that it exists, that you may use it and that the disk has room, then run the command again",
  };
}

function ownMistake(error: unknown): Diagnostic {
  return {
    id: "own-mistake",
    severity: "error",
    what: error instanceof Error ? error.message : String(error),
    why: "this is a mistake of Simpul's, not of your files",
    fix: "report it, with the lines on standard error and the inventory that led to it",
  };
}
