import type { Diagnostic } from "../core/diagnostic.ts";
import type { Progress } from "../engine/progress.ts";
import type { GroupOutcome, Measured } from "./topic.ts";

/** Runs groups of checks one after another, times them and keeps what they found. */
export class CheckGroups {
  readonly #findings: Diagnostic[] = [];
  readonly #measured = new Map<string, Record<string, number>>();

  /** @param now milliseconds; only differences matter */
  constructor(
    readonly progress: Progress,
    readonly now: () => number = Date.now,
  ) {}

  get findings(): readonly Diagnostic[] {
    return this.#findings;
  }

  /** By topic, what its groups measured, and `seconds_<group>` for each. */
  get measured(): Readonly<Record<string, Measured>> {
    return Object.fromEntries(this.#measured);
  }

  async run<T>(topic: string, group: string, work: () => Promise<GroupOutcome<T>>): Promise<T> {
    const started = this.now();
    this.progress.step(group);
    const { findings, measured, said, result } = await work();
    const seconds = Math.round((this.now() - started) / 10) / 100;
    this.#findings.push(...findings);
    this.#measured.set(topic, {
      ...this.#measured.get(topic),
      ...measured,
      [`seconds_${group}`]: seconds,
    });
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const verdict = errors === 0 ? "ok" : `${errors} wrong`;
    this.progress.note(`${topic} ${group}: ${verdict}, ${said} (${seconds.toFixed(1)} s)`);
    return result;
  }
}
