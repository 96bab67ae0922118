import type { Diagnostic } from "../core/diagnostic.ts";
import type { ContainerState } from "./containers.ts";

/** The finding for something that should run and does not. `more` follows the sentence. */
export function absentContainer(
  id: string,
  title: string,
  container: string,
  state: ContainerState | undefined,
  more = "",
): Diagnostic {
  const missing = state === undefined;
  return {
    id,
    severity: "error",
    what: `${title} ${missing ? "is not on the engine" : `does not run: its container is ${state.status}`}${more}`,
    why: missing
      ? "the plan has it, and no container carries its name"
      : "the plan says that it runs",
    fix: missing
      ? "run simpul deploy; simpul plan shows first what that will do"
      : `docker start ${container}; if it stops again, docker logs --tail 30 ${container} says why`,
  };
}
