import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AREAS } from "../inventory/scaffold-lab.ts";

const SIMPUL = join(import.meta.dirname, "../../scripts/simpul");
/** Others each time; the test's name says how to draw the same again. */
const SEED = Number(process.env["SIMPUL_SEED"] ?? Date.now() % 1_000_000);
const CODES = fc.sample(
  fc.shuffledSubarray(
    AREAS.regencies.map(({ code }) => code),
    { minLength: 20, maxLength: 20 },
  ),
  { seed: SEED, numRuns: 1 },
)[0]!;

describe(`20 of the 514, drawn with SIMPUL_SEED=${SEED}`, () => {
  it(
    "are begun side by side, and check then says no errors of any",
    { timeout: 300_000 },
    async () => {
      const inventory = mkdtempSync(join(tmpdir(), "simpul-anywhere-"));
      const json = async (...words: readonly string[]): Promise<Answer> => {
        const { code, out } = await simpul(...words, "--json", "--inventory", inventory);
        expect(code, `${words.join(" ")}: ${out}`).toBe(0);
        return JSON.parse(out) as Answer;
      };
      try {
        const begun: string[] = [];
        for (const code of CODES) begun.push((await json("init", code)).kabupaten);
        expect(new Set(begun).size).toBe(20);
        for (const kabupaten of begun) {
          const { ok, findings } = await json("check", "--kabupaten", kabupaten);
          expect(ok, kabupaten).toBe(true);
          expect(new Set(findings.map(({ severity }) => severity))).toEqual(
            new Set(["warning", "info"]),
          );
        }
      } finally {
        rmSync(inventory, { recursive: true });
      }
    },
  );
});

interface Answer {
  readonly ok: boolean;
  readonly kabupaten: string;
  readonly findings: readonly { readonly severity: string }[];
}

function simpul(...words: readonly string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const child = execFile(SIMPUL, words, (_error, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}
