import { commentText } from "./comment-text.ts";

/** A comment line of FRR: everything behind `!` is passed over up to the end of the line. */
export function frrComment(words: string): string {
  return `! ${commentText(words)}`;
}

/** Lines of one block, indented by a blank as `show running-config` does. */
export function frrBlock(head: string, lines: readonly string[], exit = "exit"): string {
  return [head, ...lines.map((line) => ` ${line}`), exit, "!"].join("\n");
}
