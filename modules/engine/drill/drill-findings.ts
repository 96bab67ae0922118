import type { Diagnostic } from "../../core/diagnostic.ts";

/** Why a step could not be done. What was done until then stays, and the drill can go on or back from there. */
export function drillRefused(what: string, why: string): Diagnostic {
  return {
    id: "drill-refused",
    severity: "error",
    what,
    why,
    fix: "see what it says, then simpul drill drc --continue, or --back to return to the Pusat Data",
  };
}

/** A drill that does not begin. */
export function drillNotReady(what: string, fix: string): Diagnostic {
  const why = "a drill moves what people use: it begins only where all is ready to take over";
  return { id: "drill-not-ready", severity: "error", what, why, fix };
}

/** A figure beyond what was promised. */
export function drillTarget(what: string): Diagnostic {
  const why =
    "a service is to be there again within 10 s of a move, within 30 s of a loss, and a confirmed write is never to be lost";
  return { id: "drill-target", severity: "error", what, why, fix: "see the times of the steps" };
}
