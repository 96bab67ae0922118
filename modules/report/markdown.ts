/**
 * Text of people in Markdown (GitHub's and GitLab's): inside a code span or a code block nothing is a link, a mention, an
 * image, HTML or a table. Everything that people wrote goes through here; all else is ours or a value of a checked form.
 */

/** Letters that turn what follows them around, or that nobody sees, and all that ends a line. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** Nobody reads more of one value, and a comment has room for so much only. */
const LONGEST = 240;

/** On one line, cut where it is endless; the fence is longer than any run of backticks in the text. A bar would end a table's cell even here. */
export function codeSpan(text: string): string {
  const whole = text.replaceAll(UNSEEN, visible).replaceAll("|", "¦").trim();
  const line = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
  const fence = "`".repeat(longestRun(line) + 1);
  const padding = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Lines as they are; no line in it can end the block. */
export function codeBlock(lines: readonly string[], language = "text"): string {
  const text = lines
    .flatMap((line) => line.split("\n"))
    .map((line) => line.replaceAll(UNSEEN, visible));
  const fence = "`".repeat(Math.max(3, longestRun(text.join("\n")) + 1));
  return [`${fence}${language}`, ...text, fence].join("\n");
}

/** A table of cells that are safe already: code spans, numbers, words of ours. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function visible(character: string): string {
  return character === "\t" || character === "\n" ? " " : "�";
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
