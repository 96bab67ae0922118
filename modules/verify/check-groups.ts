import type { Diagnostic } from "../core/diagnostic.ts";
import type { Progress } from "../engine/progress.ts";
import type { GroupOutcome, Measured } from "./topic.ts";

/** Runs groups of checks, times them and keeps what they found; several may run at the same time. */
export class CheckGroups {
  /** By topic, what each group found, in the order in which they began. */
  readonly #findings = new Map<string, (readonly Diagnostic[])[]>();
  readonly #measured = new Map<string, Record<string, number>>();

  /** @param now milliseconds; only differences matter */
  constructor(
    readonly progress: Progress,
    readonly now: () => number = Date.now,
  ) {}

  /** Topic by topic. */
  get findings(): readonly Diagnostic[] {
    return [...this.#findings.values()].flat(2);
  }

  /** What the groups of one topic found. */
  findingsOf(topic: string): readonly Diagnostic[] {
    return (this.#findings.get(topic) ?? []).flat();
  }

  /** By topic, what its groups measured, and `seconds_<group>` for each. */
  get measured(): Readonly<Record<string, Measured>> {
    return Object.fromEntries(this.#measured);
  }

  async run<T>(topic: string, group: string, work: () => Promise<GroupOutcome<T>>): Promise<T> {
    const started = this.now();
    this.progress.step(group);
    const found = this.#findings.get(topic) ?? [];
    const place = found.push([]) - 1;
    this.#findings.set(topic, found);
    const { findings, measured, said, result } = await work();
    const seconds = Math.round((this.now() - started) / 10) / 100;
    found[place] = findings;
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
