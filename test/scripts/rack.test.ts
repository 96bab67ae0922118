import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const RACK = "uji/colocation/rak-a.yaml";

describe("a rack, on the command line", () => {
  let inventory: string;
  beforeAll(() => {
    inventory = mkdtempSync(join(tmpdir(), "simpul-rack-"));
    cpSync(join(ROOT, "test/fixtures/inventory/uji"), join(inventory, "uji"), { recursive: true });
  });
  afterAll(() => rmSync(inventory, { recursive: true }));

  const simpul = (...words: readonly string[]): Promise<{ code: number; stdout: string }> =>
    new Promise((resolve) => {
      const where = ["--kabupaten", "uji", "--inventory", inventory];
      const child = execFile(join(ROOT, "scripts/simpul"), [...words, ...where], (_, stdout) =>
        resolve({ code: child.exitCode ?? -1, stdout }),
      );
    });

  it("is drawn, to the terminal as to a file", async () => {
    const file = join(inventory, "rak-a.svg");
    const { code, stdout } = await simpul("diagram", "rack", "rak-a", "--json");
    const said = JSON.parse(stdout) as { ok: boolean; format: string; diagram: string };
    expect([code, said.ok, said.format]).toEqual([0, true, "svg"]);
    expect((await simpul("diagram", "rack", "rak-a", "--out", file)).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(said.diagram);
  });

  it("warns in check of a warranty that has ended by today, and of nothing else", async () => {
    const text = readFileSync(join(inventory, RACK), "utf8");
    writeFileSync(
      join(inventory, RACK),
      text.replace("warranty: 2029-12-31", "warranty: 2024-02-29"),
    );
    const { code, stdout } = await simpul("check", "--json");
    const { findings } = JSON.parse(stdout) as { findings: { id: string; severity: string }[] };
    const warnings = findings.filter(({ severity }) => severity !== "info");
    expect([code, warnings]).toMatchObject([0, [{ id: "warranty-ended", severity: "warning" }]]);
  });
});
