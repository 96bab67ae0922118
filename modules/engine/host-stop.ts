import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

/**
 * Stops a container, which keeps its volume, addresses and place on the engine, also over a reboot of the host: with
 * `unless-stopped` the engine does not start what was stopped. Waits as long as the container may take to end.
 * @returns whether it had to be stopped, or why it could not be
 */
export async function stopContainer(
  engine: Engine,
  container: string,
): Promise<"stopped" | "ready" | Diagnostic> {
  const argv = ["docker", "container", "inspect", "--format", "{{.State.Status}}", container];
  const { code, stdout } = await engine.run(argv);
  if (code !== 0) return nothingToStop(container);
  const state = stdout.trim();
  if (state === "exited") return "ready";
  // What is paused hears no signal.
  if (state === "paused") await answerOf(engine, ["docker", "unpause", container]);
  await answerOf(engine, ["docker", "stop", container]);
  return "stopped";
}

function nothingToStop(container: string): Diagnostic {
  return {
    id: "container-missing",
    severity: "error",
    what: `there is no container ${container} on the engine`,
    why: "what is suspended is kept, stopped, and this is not there",
    fix: "deploy it first: simpul deploy",
  };
}
