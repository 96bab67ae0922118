import type { ChainLine } from "./chain-line.ts";

/** What somebody or something did to a chain. */
export type ChainChange =
  | "edited"
  | "removed"
  | "truncated"
  | "inserted"
  | "reordered"
  | "back-dated"
  | "misfiled"
  | "torn"
  | "pending";

export interface ChainProblem {
  readonly change: ChainChange;
  /** Where it shows: a line of a file, or the file of the line before what is gone. */
  readonly file: string;
  /** Line of that file; 0 before its first. */
  readonly number: number;
  /** Of the writer's line that it is about, the first where there are several. */
  readonly sequence: number;
  /** How many lines of the chain, where they are gone. */
  readonly count: number;
  readonly words: string;
}

export function problemAt(
  { file, number, sequence }: ChainLine,
  change: ChainChange,
  words: string,
): ChainProblem {
  return { change, file, number, sequence, count: 1, words };
}
