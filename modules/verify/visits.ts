import { randomBytes } from "node:crypto";

import type { Engine, EngineAnswer } from "../engine/docker-engine.ts";
import { execInside, type InsideRunner } from "./run-inside.ts";

/** Executions at the same time; most of each is waiting for what must be silent. */
const AT_ONCE = 24;

interface Errand {
  readonly script: string;
  readonly seconds: number;
  readonly done: (answer: EngineAnswer) => void;
}

/**
 * An engine whose containers are entered as seldom as possible: what several checks want to run in the same container
 * while it waits for its turn runs by one execution, side by side. An execution costs a tenth of a second of processor,
 * more than most of what is asked by it.
 */
export class VisitingEngine implements InsideRunner {
  /** By container and user, in the order of the first errand. */
  readonly #waiting = new Map<string, Errand[]>();
  #running = 0;

  constructor(readonly engine: Engine) {}

  get name(): string {
    return this.engine.name;
  }

  run(argv: readonly string[], stdin?: Buffer): Promise<EngineAnswer> {
    return this.engine.run(argv, stdin);
  }

  inside(container: string, script: string, seconds: number, user: string): Promise<EngineAnswer> {
    return new Promise((done) => {
      const key = `${user} ${container}`;
      const errands = this.#waiting.get(key) ?? [];
      errands.push({ script, seconds, done });
      this.#waiting.set(key, errands);
      // Not before everybody who is ready to ask has asked.
      setImmediate(() => this.#next());
    });
  }

  #next(): void {
    const first = this.#waiting.entries().next();
    if (first.done || this.#running >= AT_ONCE) return;
    const [key, errands] = first.value;
    const [user, container] = key.split(" ") as [string, string];
    this.#waiting.delete(key);
    this.#running++;
    void this.#visit(container, user, errands).finally(() => {
      this.#running--;
      this.#next();
    });
    this.#next();
  }

  async #visit(container: string, user: string, errands: readonly Errand[]): Promise<void> {
    const [only, ...others] = errands as [Errand, ...Errand[]];
    if (others.length === 0) {
      only.done(await execInside(this.engine, container, only.script, only.seconds, user));
      return;
    }
    const mark = `visit-${randomBytes(8).toString("hex")}`;
    const longest = Math.max(...errands.map(({ seconds }) => seconds));
    const script = visitScript(mark, errands);
    const answer = await execInside(this.engine, container, script, longest + GRACE, user);
    const parts = readVisit(mark, answer.stdout);
    for (const [at, { done }] of errands.entries())
      done(parts.get(at) ?? { ...answer, stdout: "" });
  }
}

/** Seconds beyond the longest errand, to collect what they said. */
const GRACE = 10;

/** @param mark a word that no script and no output contains */
export function visitScript(
  mark: string,
  errands: readonly Pick<Errand, "script" | "seconds">[],
): string {
  const begin = errands.map(
    ({ script, seconds }, at) =>
      `{ timeout ${seconds} bash -s; echo $? >"$folder/${at}.code"; } >"$folder/${at}" 2>/dev/null <<'${mark}' &
${script.replace(/\n?$/, "\n")}${mark}`,
  );
  const tell = errands.map(
    (_, at) => `echo "${mark} ${at} $(<"$folder/${at}.code")"; cat "$folder/${at}"; echo`,
  );
  return `folder=$(mktemp -d) || exit 125
trap 'rm -rf "$folder"' EXIT
${begin.join("\n")}
wait
${tell.join("\n")}
`;
}

/** By errand, its exit code and what it said; one that did not come to its end is missing. */
export function readVisit(mark: string, output: string): ReadonlyMap<number, EngineAnswer> {
  const parts = output.split(new RegExp(`^${mark} (\\d+) (\\d+)\\n`, "m"));
  const answers = new Map<number, EngineAnswer>();
  for (let at = 1; at + 2 < parts.length; at += 3)
    answers.set(Number(parts[at]), {
      code: Number(parts[at + 1]),
      // The last line's end is ours: what was said need not end with one.
      stdout: parts[at + 2]!.replace(/\n$/, ""),
      stderr: "",
    });
  return answers;
}
