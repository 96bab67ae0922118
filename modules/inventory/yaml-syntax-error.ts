import { errorAt, type Diagnostic, type Place } from "../core/diagnostic.ts";

/** What the YAML library says is wrong, and where. */
export interface SyntaxComplaint {
  readonly at: Place;
  /** The library's own name for it: `BAD_INDENT`. */
  readonly code: string;
  readonly message: string;
}

/** One slip can make a parser complain about every line after it, and several times about its own. */
const MOST = 3;

/** The first complaints, one a line, each with what to look for: a parser sees where it stopped, not where the slip is. */
export function syntaxErrors(text: string, complaints: readonly SyntaxComplaint[]): Diagnostic[] {
  const lines = text.split("\n");
  return complaints
    .filter(({ at }, index) => complaints.findIndex((other) => other.at.line === at.line) === index)
    .slice(0, MOST)
    .map(({ at, code, message }) =>
      errorAt(
        at,
        "yaml-syntax",
        `this is not YAML: ${sentenceOf(message)}`,
        "a file that cannot be parsed says nothing",
        slipOnLine(lines, at.line) ?? fixOf(code, message),
      ),
    );
}

/** The library quotes what it found; a terminal would obey a control character in it. */
function sentenceOf(message: string): string {
  const [sentence = message] = message.replaceAll(/[^\P{Cc}\n]/gu, "?").split("\n");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

const FIXES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces",
  BAD_INDENT: "put it under the first letter of the line it belongs to",
  MISSING_CHAR:
    "check that every quote, bracket and colon has its partner on this line or just above",
  BLOCK_AS_IMPLICIT_KEY: "put text with a colon in it in quotes",
  MULTILINE_IMPLICIT_KEY: "check the colon and the indentation of this line and the one above",
  BAD_SCALAR_START: "put the value in quotes",
};

function fixOf(code: string, message: string): string {
  const missing = /end with a ([\]}])$/m.exec(message)?.[1];
  if (missing !== undefined) return `close the ${missing === "]" ? "[" : "{"} with a ${missing}`;
  return FIXES[code] ?? "compare with a file beside it that works";
}

/** The slips that a reader does not see, and that the parser names by what they lead to. */
function slipOnLine(lines: readonly string[], number: number): string | undefined {
  const line = lines[number - 1]!;
  const space = /[\u00a0\u2000-\u200a\u202f\u3000]/u.exec(line);
  if (space !== null)
    return `replace the space at column ${space.index + 1}, which is not a plain one (it may be pasted from a document)`;
  const [, key, value] = /^\s*(?:- )?([a-z0-9_-]+):([^\s/:].*)$/.exec(line) ?? [];
  if (key !== undefined) return `put a space after the colon: ${key}: ${shown(value!)}`;
  const indent = indentOf(line);
  const next = lines[number];
  if (/^\s*[a-z0-9_-]+: +[^\s#[{|>"'&]/.test(line) && next !== undefined && indentOf(next) > indent)
    return `indent line ${number + 1} as far as line ${number}: nothing can stand below a value`;
  return undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function shown(text: string): string {
  const visible = text.replaceAll(/\p{C}/gu, "?");
  return visible.length > 40 ? `${visible.slice(0, 37)}...` : visible;
}
