import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { EngineRefusal, type Engine } from "./docker-engine.ts";

/**
 * The last lines of a container's console, oldest first. They are its tenant's words: control characters, with which a
 * terminal could be made to show or do something else, are written out.
 */
export async function readConsole(
  engine: Engine,
  container: string,
  lines: number,
): Promise<readonly string[]> {
  // By time, so that both of its streams stand in their order.
  const argv = ["docker", "logs", "--timestamps", "--tail", `${lines}`, container];
  const answer = await engine.run(argv);
  if (answer.code !== 0) throw new EngineRefusal(engine, argv, answer);
  return `${answer.stdout}\n${answer.stderr}`
    .split("\n")
    .filter((line) => line !== "")
    .toSorted()
    .slice(-lines)
    .map(printable);
}

/** Gives each new line of a container's console, until it is interrupted or the container is gone. */
export function followConsole(
  container: string,
  environment: NodeJS.ProcessEnv,
  { line, interrupt }: { readonly line: (text: string) => void; readonly interrupt: AbortSignal },
): Promise<void> {
  const words = ["logs", "--timestamps", "--follow", "--tail", "0", container];
  return new Promise((resolve) => {
    const child = spawn("docker", words, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (text) => line(printable(text)));
    interrupt.addEventListener("abort", () => child.kill());
    child.on("error", () => resolve());
    child.on("close", () => resolve());
  });
}

/** `\u001B[2J` becomes text that says so. */
function printable(text: string): string {
  return text
    .trimEnd()
    .replaceAll(
      /[\p{Cc}\p{Cf}]/gu,
      (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
    );
}
