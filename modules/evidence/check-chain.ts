import type { ChainLine } from "./chain-line.ts";
import { problemAt, type ChainProblem } from "./chain-problem.ts";
import { NOTHING_BEFORE } from "./evidence-line.ts";
import { monthOf } from "./ledger.ts";

/** What is known of a chain from elsewhere: its signed head, and copies of earlier heads. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Follows a chain line by line, in constant memory. It says only whether all is well: why not, `explainChain` says, which
 * needs all lines at once.
 */
export class ChainWalk {
  #last: Anchor = { sequence: 0, hash: NOTHING_BEFORE };
  #time = "";
  #whole = true;
  /** Those that were kept elsewhere may deny each other. */
  readonly #anchors = new Map<number, readonly string[]>();

  constructor(anchors: readonly Anchor[]) {
    for (const { sequence, hash } of anchors)
      this.#anchors.set(sequence, [...(this.#anchors.get(sequence) ?? []), hash]);
  }

  take(line: ChainLine): void {
    const { sequence, hash } = this.#last;
    const fits =
      line.sequence === sequence + 1 &&
      line.previous === hash &&
      !line.torn &&
      line.time >= this.#time &&
      monthOf(line.time) === monthOf(line.file);
    const known = this.#anchors.get(line.sequence) ?? [];
    if (!fits || known.some((other) => other !== line.hash)) this.#whole = false;
    this.#last = { sequence: line.sequence, hash: line.hash };
    this.#time = line.time;
  }

  /** Every line follows the one before, and the chain ends where its head says. */
  endsAt(head: Anchor | undefined): boolean {
    const { sequence, hash } = this.#last;
    return this.#whole && head?.sequence === sequence && head.hash === hash;
  }

  /** How many lines, as the last one says. */
  get length(): number {
    return this.#last.sequence;
  }
}

/** Lines whose time or file do not fit, in the chain's own order. */
export function misplacedInTime(chain: readonly ChainLine[]): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  let latest = "";
  for (const line of chain) {
    if (line.time < latest)
      problems.push(
        problemAt(line, "back-dated", `says ${line.time}, and the line before it ${latest}`),
      );
    if (monthOf(line.time) !== monthOf(line.file))
      problems.push(
        problemAt(line, "misfiled", `says ${line.time}, which is not of the month of this file`),
      );
    if (line.time > latest) latest = line.time;
  }
  return problems;
}
