import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { VPS_FIELDS } from "../../modules/inventory/schema/vps.ts";

const GOLDEN = join(import.meta.dirname, "../golden");
const said = readdirSync(GOLDEN)
  .filter((file) => file.startsWith("vps-") && file.endsWith(".txt"))
  .map((file) => ({ file, text: readFileSync(join(GOLDEN, file), "utf8") }));

/** Each with what must be said about it somewhere: that its value is wrong, of a wrong shape, or absent. */
const WRONG = [
  [
    "its value",
    (field: string) =>
      new RegExp(
        `^  ${field}(?:\\[\\d\\]|\\.\\w+)* (?:is|are) (?!a (?:list|mapping|single value)$|missing)`,
        "m",
      ),
  ],
  [
    "its shape",
    (field: string) =>
      new RegExp(`^  ${field} (?:is a (?:list|mapping|single value)|has no value)$`, "m"),
  ],
] as const;

describe("every field of a VPS file has a golden pair about", () => {
  it.each(WRONG)("%s", (_what, about) => {
    const silent = VPS_FIELDS.filter((field) => !said.some(({ text }) => about(field).test(text)));
    expect(silent).toEqual([]);
  });

  it("names, reasons and remedies: each finding has all four lines", () => {
    for (const { file, text } of said) {
      const lines = text.trimEnd().split("\n");
      expect([file, lines.length % 4]).toEqual([file, 0]);
      expect([file, text.includes("undefined")]).toEqual([file, false]);
    }
  });
});
