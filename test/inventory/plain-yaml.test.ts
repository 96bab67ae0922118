import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { readYaml } from "../../modules/inventory/full-yaml.ts";
import { readPlainYaml } from "../../modules/inventory/plain-yaml.ts";
import { LineIndex } from "../../modules/inventory/yaml-tree.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const filesBelow = (folder: string): string[] =>
  readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .map((file) => join(REPOSITORY, folder, file))
    .filter((file) => /(?<!\.lock)\.yaml$/.test(file) && statSync(file).isFile());
const read = (file: string): string => readFileSync(file, "utf8");
const GOOD_FILES = [...filesBelow("inventory"), ...filesBelow("test/fixtures/inventory")].map(read);
const FILES = [...GOOD_FILES, ...filesBelow("test/golden").map(read)];

/** What the library makes of it; `undefined` when it finds anything wrong. */
const full = (text: string) => {
  const lines = new LineIndex("f", text);
  return readYaml("f", text, (offset) => lines.placeOf(offset)).root;
};
/** The plain reader may decline, but never differ. */
const agrees = (text: string): boolean => {
  const plain = readPlainYaml(text);
  if (plain !== undefined) expect(plain).toEqual(full(text));
  return plain !== undefined;
};

const word = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-zA-Z0-9][a-z0-9/.@-]{0,6}( [a-z0-9,]{1,3})?$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9 :#,'"/.@+=()[\]{}<>|*&!%?\\-]{0,12}$/) },
);
const value = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: "small" }, word, tie("list"), tie("mapping")),
  list: fc.array(tie("node"), { maxLength: 4 }),
  mapping: fc.dictionary(fc.stringMatching(/^[a-z][a-z_-]{0,5}$/), tie("node"), { maxKeys: 4 }),
})).mapping;

/** Lines that look like an inventory, put together at random. */
const line = fc
  .tuple(
    fc.constantFrom("", "", "", "  ", "  ", "    ", "- ", "- ", "  - "),
    fc.stringMatching(/^[a-z]{2}$/),
    fc.oneof(
      fc.constantFrom(":", ":", ": b", ": 1.5 # d", ": {}", ": [e, f g]", ': "x: y"', ": 'g'"),
      fc.constantFrom(
        ": -7",
        ": [a, ]",
        ": x  y",
        ": 'b''c'",
        ": [{ k: l }]",
        ": b: c",
        "",
        "  # note",
      ),
    ),
  )
  .map((parts) => parts.join(""));

describe("readPlainYaml", () => {
  it("reads nearly every file of the repository, as the library does", () => {
    const readPlainly = GOOD_FILES.filter((text) => agrees(text));
    expect(readPlainly.length).toBeGreaterThan(GOOD_FILES.length * 0.95);
  });

  it("says what the library says of anything the library writes", () => {
    let plain = 0;
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(
          {},
          { indentSeq: false },
          { collectionStyle: "flow" as const },
          { defaultStringType: "QUOTE_DOUBLE" as const },
        ),
        (node, options) => {
          if (agrees(stringify(node, { lineWidth: 0, ...options }))) plain++;
        },
      ),
      { numRuns: 1000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it("says what the library says of lines put together at random", () => {
    let plain = 0;
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.constantFrom("\n", ""),
        (lines, end) => {
          if (agrees(lines.join("\n") + end)) plain++;
        },
      ),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it("says what the library says of a real file with a few characters changed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat({ max: 3 }),
        fc.constantFrom(
          "",
          " ",
          "  ",
          "\n",
          ":",
          ": ",
          "#",
          " #",
          "- ",
          ",",
          "]",
          "}",
          "{",
          '"',
          "'",
          "a",
          "\n\n",
          "\n  ",
        ),
        (text, where, removed, inserted) => {
          const start = Math.floor(where * text.length);
          agrees(text.slice(0, start) + inserted + text.slice(start + removed));
        },
      ),
      { numRuns: 3000 },
    );
  }, 60_000);

  it.each([
    "a: { b: c, d #e: f }\n",
    "",
    "a",
    "- a",
    "a: &b c",
    "a: *b",
    "a: !t b",
    "a: |\n  b",
    "a: b\n  c",
    "a: b\na: c",
    "---\na: b",
    "a: b\n...",
    "%YAML 1.2\n---\na: b",
    "a:\tb",
    "a: b\r\n",
    "a: \u00e9",
    "a: ${b}",
    "constructor: a",
    "a: {b}",
    "a:",
    "? a\n: b",
    `a: ${"[".repeat(40)}`,
  ])("leaves %j to the library", (text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});
