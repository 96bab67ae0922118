import type { Diagnostic } from "../../modules/core/diagnostic.ts";

/** An argument that cannot be what the command asks for: goes with exit code 2. */
export function wrongArgument(what: string, fix: string): Diagnostic {
  return {
    id: "wrong-usage",
    severity: "error",
    what,
    why: "nothing was done: a guess could have been the wrong thing",
    fix,
  };
}
