import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simpul-schedule-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function simpul(...words: readonly string[]): Promise<{ code: number; out: string }> {
  const common = ["--kabupaten", "uji", "--inventory", join(ROOT, "test/fixtures/inventory")];
  return new Promise((resolve) => {
    const child = execFile(join(ROOT, "scripts/simpul"), [...words, ...common], (_error, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}

describe("simpul schedule", () => {
  it("writes its files, and never over what somebody changed unless it is told to", async () => {
    const out = join(folder, "units");
    const first = await simpul("schedule", "--out", out);
    expect(first.code).toBe(0);
    expect(first.out).toContain("alerts-missing");
    const names = readdirSync(out);
    expect(names).toContain("simpul-uji-verify-backup.timer");
    expect((await simpul("schedule", "--out", out)).code).toBe(0);
    const timer = join(out, "simpul-uji-verify-all.timer");
    const text = readFileSync(timer, "utf8");
    writeFileSync(timer, text.replace(/OnCalendar=.*/, "OnCalendar=weekly"));
    rmSync(join(out, "simpul-uji-renew.timer"));
    const refused = await simpul("schedule", "--out", out);
    expect([refused.code, readFileSync(timer, "utf8").includes("weekly")]).toEqual([2, true]);
    expect(refused.out).toContain("file-differs");
    expect(readdirSync(out)).not.toContain("simpul-uji-renew.timer");
    expect((await simpul("schedule", "--out", out, "--replace")).code).toBe(0);
    expect(readFileSync(timer, "utf8")).toBe(text);
    expect(readdirSync(out)).toEqual(names);
  }, 60_000);

  it("makes the script of a crontab executable", async () => {
    await simpul("schedule", "--for", "cron", "--out", folder);
    expect(statSync(join(folder, "simpul-task")).mode & 0o111).toBe(0o111);
    expect(statSync(join(folder, "crontab")).mode & 0o111).toBe(0);
  }, 60_000);
});
