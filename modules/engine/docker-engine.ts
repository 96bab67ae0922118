import { spawn } from "node:child_process";

import type { Diagnostic } from "../core/diagnostic.ts";

/**
 * The host of one Docker engine, as something that runs programs: here by processes of this machine, for other
 * engines by SSH. Words of the command are passed as they are, never through a shell.
 */
export interface Engine {
  /** Key in the inventory's `engines`. */
  readonly name: string;
  run(argv: readonly string[], stdin?: Buffer): Promise<EngineAnswer>;
}

export interface EngineAnswer {
  /** Exit code; 127 when the program is not there (as in a shell), 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The engine that DOCKER_HOST or the local socket reaches; host programs run on this machine. */
export function localEngine(environment: Environment): Engine {
  return {
    name: "local",
    run: (argv, stdin) => runHere(argv, { stdin, environment }),
  };
}

interface RunOptions {
  readonly stdin: Buffer | undefined;
  readonly environment: Environment;
}

/** Own session: a Ctrl-C on the terminal is ours to handle, a host step is never cut off halfway by it. */
function runHere(argv: readonly string[], options: RunOptions): Promise<EngineAnswer> {
  const [program, ...words] = argv;
  if (program === undefined) throw new Error("an engine cannot run an empty command");
  return new Promise((resolve) => {
    const child = spawn(program, words, { env: options.environment, detached: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => stdout.push(part));
    child.stderr.on("data", (part: Buffer) => stderr.push(part));
    child.on("error", (error) => resolve({ code: 127, stdout: "", stderr: error.message }));
    child.on("close", (code) =>
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
    // A child that ends before it has read everything says why by its exit code, not by EPIPE.
    child.stdin.on("error", () => {});
    child.stdin.end(options.stdin);
  });
}

/** Standard output of a command that must succeed, or an error that carries what it said. */
export async function answerOf(
  engine: Engine,
  argv: readonly string[],
  stdin?: Buffer,
): Promise<string> {
  const answer = await engine.run(argv, stdin);
  if (answer.code !== 0) throw new EngineRefusal(engine, argv, answer);
  return answer.stdout;
}

/** The engine's host said no. The message is what it said, without the daemon's preamble. */
export class EngineRefusal extends Error {
  constructor(engine: Engine, argv: readonly string[], answer: EngineAnswer) {
    const said = answer.stderr.trim() || answer.stdout.trim() || `exit code ${answer.code}`;
    const words = said.replace(/^(?:Error: )?(?:Error response from daemon: )?/, "");
    super(`${argv.slice(0, 2).join(" ")} on engine ${engine.name}: ${words}`);
    this.name = "EngineRefusal";
  }
}

/** Nothing when the engine answers; else why not, and the setup step that mends it. */
export async function engineProblem(engine: Engine): Promise<Diagnostic | undefined> {
  const answer = await engine.run(["docker", "version", "--format", "{{.Server.Version}}"]);
  if (answer.code === 0) return undefined;
  return {
    id: "engine-unreachable",
    severity: "error",
    what: `the Docker engine ${engine.name} does not answer`,
    why: lastLine(answer.stderr) || `docker ended with ${answer.code}`,
    fix: "run scripts/setup.sh (step engine), or point DOCKER_HOST at an engine that runs",
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
