import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { lockText } from "../../modules/inventory/lock-file.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { edited, editsOf, filesBelow } from "./mutations.ts";
import { TemporaryInventory } from "./temporary-inventory.ts";

/** More for a long search: `SIMPUL_FUZZ_RUNS=100000 npx vitest run test/inventory/fuzz.test.ts`. */
const RUNS = Number(process.env["SIMPUL_FUZZ_RUNS"] ?? 400);
const MILLISECONDS_EACH = 100;

const UJI = join(import.meta.dirname, "../fixtures/inventory/uji");
const FILES = [...filesBelow(UJI), { file: "ip-plan.lock.yaml", text: await lockOfUji() }];

describe("a damaged file", () => {
  it(
    "is never a crash: the kabupaten is planned, or every finding has its place and words",
    { timeout: 60_000 + RUNS * MILLISECONDS_EACH },
    async () => {
      using inventory = new TemporaryInventory();
      for (const { file, text } of FILES) inventory.write(file, text);
      const edits = editsOf(FILES.map(({ text }) => text));
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...FILES), edits, async ({ file, text }, slips) => {
          const damaged = edited(text, slips);
          try {
            const {
              inventory: loaded,
              findings,
              unreadable,
            } = await inventory.write(file, damaged).load();
            expect(unreadable).toBe(false);
            const isWrong = findings.some(({ severity }) => severity === "error");
            expect(loaded === undefined).toBe(isWrong);
            const planned = loaded === undefined ? undefined : makePlan(loaded);
            const texts = new Map(FILES.map((each) => [each.file, each.text]));
            texts.set(file, new TextDecoder().decode(damaged));
            for (const finding of [...findings, ...(planned?.findings ?? [])])
              expectReadable(finding, texts);
            const stops = planned?.findings.some(({ severity }) => severity === "error");
            if (planned !== undefined) expect(planned.plan === undefined).toBe(stops);
          } finally {
            inventory.write(file, text);
          }
        }),
        { numRuns: RUNS },
      );
    },
  );
});

/** A line that is there, a column on it or just behind it, and words that a terminal only shows. */
function expectReadable(
  { id, at, what, why, fix }: Diagnostic,
  texts: ReadonlyMap<string, string>,
): void {
  const lines = (texts.get(at!.file) ?? "").split("\n");
  expect(at!.line, id).toBeGreaterThanOrEqual(1);
  expect(at!.line, id).toBeLessThanOrEqual(lines.length);
  expect(at!.column, id).toBeGreaterThanOrEqual(1);
  expect(at!.column, id).toBeLessThanOrEqual(lines[at!.line - 1]!.length + 1);
  for (const words of [what, why, fix]) expect(words, id).toMatch(/^[^\p{Cc}]+$/u);
}

async function lockOfUji(): Promise<string> {
  using inventory = new TemporaryInventory();
  const { inventory: loaded } = await inventory.load();
  return lockText(lockEntries(makePlan(loaded!).plan!));
}
