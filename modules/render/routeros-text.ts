import { commentText } from "./comment-text.ts";

/** What RouterOS's scripting language reads in a quoted string as more than itself. */
const SPECIAL = /["\\$?]/g;

/**
 * A quoted string of RouterOS (Scripting, "Constant escape sequences"): quotes, backslashes, variables and the help key
 * are escaped; line breaks become blanks; what is not ASCII is written byte by byte, as `export` does.
 */
export function routerosString(words: string): string {
  const escaped = commentText(words)
    .replace(SPECIAL, "\\$&")
    .replace(/[^\x20-\x7e]+/gu, (text) =>
      [...Buffer.from(text)]
        .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""),
    );
  return `"${escaped}"`;
}

/** A comment line; a backslash at its end would make the next line part of it. */
export function routerosComment(words: string): string {
  return `# ${commentText(words).replaceAll("\\", "/")}`;
}

/** Commands of one menu: the menu's path on a line of its own, then each command. */
export function routerosMenu(path: string, commands: readonly string[]): readonly string[] {
  return commands.length === 0 ? [] : [path, ...commands];
}
