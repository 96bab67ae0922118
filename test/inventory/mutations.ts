import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";

/**
 * One slip of a hand, an editor, a merge or a disk. Plain data, so that a failing case shrinks and can be run again;
 * what `kind` does not use is there all the same.
 */
export interface Edit {
  readonly kind: keyof typeof EDITS;
  /** Where in the file, and where else: 0 is its beginning, 1 its end. */
  readonly at: number;
  readonly to: number;
  readonly count: number;
  /** A piece, a value or a line, put there. */
  readonly by: string;
}

/** Pieces that mean something to YAML, to a terminal or to Terraform. */
const PIECES = [
  ..."[]{}?:-,#|>\"'%&*!@`~=<\\".split(""),
  ...[
    ": ",
    "- ",
    "\n",
    "  ",
    "\t",
    "&a ",
    "*a",
    "!!int ",
    "? ",
    "---\n",
    "...",
    "${",
    "%{",
    "<<: ",
  ],
  ...[
    "\u0000",
    "\u001b",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\ud800",
    "\r",
    "|2-\n",
  ],
];
/** Values of every kind, and of none. */
const VALUES = [
  ...["", "~", "null", "true", "no", "[]", "{}", "[[]]", "{ a: b }", "- a", "|\n  a", ">-\n  a"],
  ...["0", "-1", "1e9", "0x10", "010", "1_000", "12:30:45", ".inf", "0.25", "9".repeat(400)],
  ...[
    "/24",
    "/0",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "10.64.0.1",
    "::/0",
    "fd00::/8",
    "fd33:23a5:71c0::/48",
  ],
  ...["50Mbps", "1TiB", "24h", "2027-02-30", "2028-02-29", '"33.23"', '"33.23.08"', "33.10"],
  ...[
    "internet",
    "[internet]",
    "active",
    "archived",
    "none",
    "container",
    "external",
    "backbone-a",
  ],
  ...[
    "parakan",
    "pop-parakan",
    "dinas-kesehatan",
    "ppdb-online",
    "core",
    "ns1",
    "__proto__",
    "toString",
  ],
  ...[
    "&x a",
    "*x",
    "!!binary aGk=",
    "!secret a",
    "${x}",
    "'it''s'",
    '"\\x00"',
    "a: b: c",
    "a".repeat(9000),
  ],
];

/** The files below a folder, as one reads them. */
export function filesBelow(
  folder: string,
): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .toSorted()
    .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
}

/** One to four edits; lines and values of the real files may turn up where they do not belong. */
export function editsOf(texts: readonly string[]): fc.Arbitrary<readonly Edit[]> {
  const lines = texts.flatMap((text) => text.split("\n"));
  const values = lines.flatMap((line) => /: (.+)$/.exec(line)?.[1] ?? []);
  // Doubles would crowd just above zero.
  const at = fc.nat({ max: 9999 }).map((tenThousandths) => tenThousandths / 10_000);
  const text = fc.oneof(
    fc.constantFrom(...PIECES),
    { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    fc.constantFrom(...lines),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  // A changed value leaves a file that can be parsed, so that the later phases see damage too.
  const kind = fc.oneof(
    { weight: 2, arbitrary: fc.constant("change a value" as const) },
    fc.constantFrom(...(Object.keys(EDITS) as (keyof typeof EDITS)[])),
  );
  const edit = fc.record({ kind, at, to: at, count: fc.nat({ max: 6 }), by: text });
  return fc.oneof(
    { weight: 2, arbitrary: fc.tuple(edit) },
    fc.array(edit, { minLength: 2, maxLength: 4 }),
  );
}

/** The file's bytes after the edits, in their order. Each byte is a character meanwhile: what is no UTF-8 must survive. */
export function edited(text: string, edits: readonly Edit[]): Uint8Array {
  const bytes = (of: string): string => Buffer.from(of).toString("latin1");
  const damaged = edits.reduce(
    (before, edit) => EDITS[edit.kind](before, { ...edit, by: bytes(edit.by) }),
    bytes(text),
  );
  return Buffer.from(damaged, "latin1");
}

type Change = (text: string, edit: Omit<Edit, "kind">) => string;

const EDITS = {
  characters: (text, { at, count, by }) => {
    const start = indexIn(at, text.length + 1);
    return text.slice(0, start) + by + text.slice(start + count);
  },
  byte: (text, { at, to }) => {
    const start = indexIn(at, text.length + 1);
    return text.slice(0, start) + String.fromCodePoint(indexIn(to, 256)) + text.slice(start + 1);
  },
  cut: (text, { at }) => text.slice(0, indexIn(at, text.length + 1)),
  "line ends": (text) => text.replaceAll("\n", "\r\n"),
  "swap words": (text, { at, to }) => {
    const [words, one, other] = wordsAt(text, at, to);
    return words.with(one, words[other]!).with(other, words[one]!).join("");
  },
  "drop a word": (text, { at }) => {
    const [words, one] = wordsAt(text, at, 0);
    return words.toSpliced(one, 1).join("");
  },
  "move a line": onLines((lines, at, { to }) =>
    lines.toSpliced(at, 1).toSpliced(indexIn(to, lines.length), 0, lines[at]!),
  ),
  "repeat a line": onLines((lines, at, { to }) =>
    lines.toSpliced(indexIn(to, lines.length + 1), 0, lines[at]!),
  ),
  "drop lines": onLines((lines, at, { count }) => lines.toSpliced(at, count)),
  "join lines": onLines((lines, at) => lines.toSpliced(at, 2, lines.slice(at, at + 2).join(""))),
  "add a line": onLines((lines, at, { by }) => lines.toSpliced(at, 0, by)),
  indent: onLines((lines, at, { count }) => lines.with(at, " ".repeat(count) + lines[at]!)),
  dedent: onLines((lines, at, { count }) =>
    lines.with(at, lines[at]!.slice(Math.min(count, lines[at]!.search(/\S|$/)))),
  ),
  /** Of one key of the line: its value becomes another. */
  "change a value": onLines((lines, at, { to, by }) => {
    const starts = [...lines[at]!.matchAll(/: /g)].map(({ index }) => index + 2);
    const start = starts[indexIn(to, starts.length)];
    if (start === undefined) return lines;
    const rest = lines[at]!.slice(start).replace(/^[^,}\]]*/, "");
    return lines.with(at, lines[at]!.slice(0, start) + by + rest);
  }),
} as const satisfies Readonly<Record<string, Change>>;

/** Words and the white space between them alternate; gives both places as indexes of words. */
function wordsAt(text: string, at: number, to: number): readonly [string[], number, number] {
  const words = text.split(/(\s+)/);
  const count = Math.ceil(words.length / 2);
  return [words, 2 * indexIn(at, count), 2 * indexIn(to, count)];
}

function onLines(
  change: (
    lines: readonly string[],
    at: number,
    edit: Pick<Edit, "to" | "count" | "by">,
  ) => readonly string[],
): Change {
  return (text, edit) => {
    const lines = text.split("\n");
    return change(lines, indexIn(edit.at, lines.length), edit).join("\n");
  };
}

function indexIn(at: number, length: number): number {
  return Math.min(Math.floor(at * length), Math.max(0, length - 1));
}
