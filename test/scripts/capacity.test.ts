import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

let inventory: string;
beforeEach(() => {
  inventory = mkdtempSync(join(tmpdir(), "simpul-capacity-"));
  cpSync(join(ROOT, "test/fixtures/inventory"), inventory, { recursive: true });
});
afterEach(() => rmSync(inventory, { recursive: true }));

function simpul(...words: readonly string[]): Promise<{ code: number; out: string }> {
  const common = ["--kabupaten", "uji", "--inventory", inventory];
  return new Promise((resolve) => {
    const child = execFile(join(ROOT, "scripts/simpul"), [...words, ...common], (_error, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}

describe("simpul capacity", () => {
  it("shows what is left by site, agency and month of expiry", async () => {
    const { code, out } = await simpul("capacity", "--today", "2026-11-23");
    expect(code).toBe(0);
    expect(out).toMatch(/^pusat-data +cpu +16 +16 +1\.5 +14\.5$/m);
    expect(out).toMatch(/^drc +memory +32GiB +32GiB +0 +32GiB$/m);
    expect(out).toMatch(/^dinas-kesehatan +1 +0\.5 +256MiB +512MiB$/m);
    expect(out).toMatch(/^2027-12 +ppdb-online +1 cpu, 512MiB, 2830MiB +15\.5 cpu, 31\.7GiB, /m);
    expect(out).toContain("in no lock yet: ppdb-online, sik-puskesmas");
  }, 60_000);

  it("shows the figures also where more is asked for than there is", async () => {
    const file = join(inventory, "uji/vps/ppdb-online.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("512MiB", "40GiB"));
    const { code, out } = await simpul("capacity", "--json", "--today", "2026-11-23");
    const said = JSON.parse(out) as { sites: readonly { left: { memory: number } }[] };
    expect(code).toBe(1);
    expect(said).toMatchObject({ ok: false, findings: [{ id: "site-full" }] });
    expect(said.sites[0]!.left.memory).toBeLessThan(0);
  }, 60_000);

  it("goes by the day that it is told, as check does", async () => {
    await simpul("ip", "lock");
    const check = await simpul("check", "--today", "2027-12-20", "--json");
    expect([check.code, JSON.parse(check.out)]).toMatchObject([
      0,
      { findings: [{ id: "vps-expiring", severity: "warning" }] },
    ]);
    const { out } = await simpul("capacity", "--today", "2028-02-01");
    expect(out).toContain("Expired, and still running: ppdb-online");
    const wrong = await simpul("check", "--today", "31/12/2027");
    expect(wrong.code).toBe(2);
  }, 60_000);
});
