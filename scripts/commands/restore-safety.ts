import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";

/** Its own runner is at work: it will be done in a moment. */
const AT_WORK = 75;
const TRIES = 100;
const PAUSE_MS = 3000;

/**
 * Backs up what is there, by the server's own runner.
 * @param runner its container; undefined where nothing is there
 * @returns the id of the snapshot, empty where nothing was there
 */
export async function backUpFirst(
  engine: Engine,
  runner: string | undefined,
  step: (words: string) => void,
): Promise<string | Diagnostic> {
  if (runner === undefined) return "";
  step("backing up what is there");
  for (let tries = 1; ; tries++) {
    const answer = await engine.run(["docker", "exec", runner, "simpul-backup"]);
    if (answer.code === 0) return newest(engine, runner);
    if (answer.code !== AT_WORK || tries >= TRIES || !answer.stderr.includes("at work"))
      return notBackedUp(runner, answer.stderr || answer.stdout);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function newest(engine: Engine, runner: string): Promise<string | Diagnostic> {
  const answer = await engine.run(["docker", "exec", runner, "cat", "/backup/status.json"]);
  const id = /"snapshot":\s*"([0-9a-f]{64})"/.exec(answer.stdout)?.[1];
  return id ?? notBackedUp(runner, "its status names no snapshot");
}

function notBackedUp(runner: string, said: string): Diagnostic {
  return {
    id: "restore-not-backed-up",
    severity: "error",
    what: `what is there could not be backed up first: ${said.trim().split("\n").at(-1) ?? ""}`,
    why: "a restore takes the place of what is there; without that backup a wrong one could not be undone",
    fix: `see docker logs ${runner}; where the server is beyond saving, restore into another one (--to)`,
  };
}
