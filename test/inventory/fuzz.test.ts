import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { TemporaryInventory } from "./temporary-inventory.ts";

const UJI = join(import.meta.dirname, "../fixtures/inventory/uji");
const FILES = readdirSync(UJI, { recursive: true, encoding: "utf8" }).filter((file) =>
  statSync(join(UJI, file)).isFile(),
);

/** Pieces that mean something to YAML, to a terminal or to Terraform. */
const piece = fc.oneof(
  fc.constantFrom(
    "[",
    "]",
    "{",
    "}",
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
    "#",
    "|",
    ">",
    '"',
    "'",
    "%",
    "${",
    "\u0000",
    "\u001b",
    "\ufeff",
    "\ud800",
    "<<: ",
  ),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
/** Some characters of a real file replaced by pieces. */
const mutation = fc.tuple(
  fc.constantFrom(...FILES),
  fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 6 }), piece), {
    minLength: 1,
    maxLength: 3,
  }),
);

describe("a damaged file", () => {
  it(
    "is never a crash: the inventory loads, or every finding has its place and words",
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(mutation, async ([file, edits]) => {
          using inventory = new TemporaryInventory();
          let text = readFileSync(join(UJI, file), "utf8");
          for (const [where, removed, inserted] of edits) {
            const start = Math.floor(where * text.length);
            text = text.slice(0, start) + inserted + text.slice(start + removed);
          }
          const {
            inventory: loaded,
            findings,
            unreadable,
          } = await inventory.write(file, text).load();
          expect(unreadable).toBe(false);
          expect(loaded === undefined).toBe(findings.length > 0);
          for (const { at, what, why, fix } of findings) {
            expect(at!.line).toBeGreaterThanOrEqual(1);
            expect(at!.line).toBeLessThanOrEqual(text.split("\n").length);
            expect(at!.column).toBeGreaterThanOrEqual(1);
            for (const words of [what, why, fix]) expect(words).toMatch(/^[^\p{Cc}]+$/u);
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});
