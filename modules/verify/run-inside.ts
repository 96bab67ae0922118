import { CONFINE } from "../engine/confine.ts";
import type { Engine, EngineAnswer } from "../engine/docker-engine.ts";

/**
 * Containers that are looked into at the same time. More is hardly faster, and a look must not disturb: BFD takes a
 * core that gets no processor for 0.6 s for dead.
 */
const AT_ONCE = 4;

/**
 * Runs a bash script in a container, behind everything else that wants the processor, given by standard input so that no list of targets is too long for a command line.
 * @param seconds after which it is ended, with exit code 124
 * @param user of the container; its root has no right to other users' files
 */
export function runInside(
  engine: Engine | InsideRunner,
  container: string,
  script: string,
  seconds = 60,
  user = "root",
): Promise<EngineAnswer> {
  if ("inside" in engine) return engine.inside(container, script, seconds, user);
  return execInside(engine, container, script, seconds, user);
}

/** An engine that has a way of its own to run scripts in containers. */
export interface InsideRunner extends Engine {
  /** As `runInside`. */
  inside(container: string, script: string, seconds: number, user: string): Promise<EngineAnswer>;
}

/** For containers whose programs are a tenant's: what runs there has no more rights than the tenant has. */
export function confined(engine: Engine): InsideRunner {
  return {
    name: engine.name,
    run: (argv, stdin) => engine.run(argv, stdin),
    inside: (container, script, seconds, user) =>
      // It looks for no program itself.
      execInside(engine, container, script, seconds, user, [CONFINE, "/usr/bin/env"]),
  };
}

/**
 * As `runInside`, by an execution of its own.
 * @param through a program that starts the shell, with its arguments
 */
export function execInside(
  engine: Engine,
  container: string,
  script: string,
  seconds: number,
  user: string,
  through: readonly string[] = [],
): Promise<EngineAnswer> {
  const politely = ["nice", "-n", "19", "timeout", String(seconds), "bash", "-s"];
  const argv = ["docker", "exec", "-i", "--user", user, container, ...through, ...politely];
  return engine.run(argv, Buffer.from(script));
}

/** Maps in parallel, a bounded number at a time; results stand in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, at: number) => Promise<R>,
  atOnce: number = AT_ONCE,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!, at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** Cuts output into the parts behind lines `== NAME`. */
export function sections(output: string): ReadonlyMap<string, string> {
  const parts = output.split(/^== (\S+)\n/m);
  const found = new Map<string, string>();
  for (let at = 1; at + 1 < parts.length; at += 2) found.set(parts[at]!, parts[at + 1]!);
  return found;
}
