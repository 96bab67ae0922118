import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

const SIMPUL = join(import.meta.dirname, "../../scripts/simpul");

let inventory: string;
beforeEach(() => {
  inventory = mkdtempSync(join(tmpdir(), "simpul-init-"));
});
afterEach(() => rmSync(inventory, { recursive: true }));

function simpul(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(SIMPUL, [...words, "--inventory", inventory], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

describe("simpul init", () => {
  it("writes a kabupaten that check has only warnings about, and never writes it again", async () => {
    const first = await simpul("init", "kota", "magelang", "--domain", "magelang.go.id");
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toContain("Kota Magelang (33.71): ");
    expect(first.out).toContain(`check --kabupaten kota-magelang --inventory ${inventory}\n`);
    const said = readFileSync(join(inventory, "kota-magelang/kabupaten.yaml"), "utf8");
    expect(said).toContain("domain: magelang.go.id\n");

    const check = await simpul("check", "--kabupaten", "kota-magelang", "--json");
    expect(check.code).toBe(0);
    expect(JSON.parse(check.out)).toMatchObject({ ok: true, findings: { length: 6 } });

    const again = await simpul("init", "33.71");
    expect(again.code).toBe(2);
    expect(again.out).toContain("error kabupaten-exists");
    expect(readFileSync(join(inventory, "kota-magelang/kabupaten.yaml"), "utf8")).toBe(said);
  });

  it("shows an example", async () => {
    const { code, out } = await simpul("init", "--help");
    expect(code).toBe(0);
    expect(out).toContain("Example:\n  $ simpul init 33.24\n");
  });

  it("takes another name for the folder", async () => {
    expect((await simpul("init", "33.23", "--name", "coba")).code).toBe(0);
    expect(readdirSync(inventory)).toEqual(["coba"]);
  });

  it("lists the files of a dry run and writes none", async () => {
    const { code, out } = await simpul("init", "temanggung", "--dry-run");
    expect(code).toBe(0);
    expect(out).toContain(`${inventory}/temanggung/desa/parakan.yaml\n`);
    expect(readdirSync(inventory)).toEqual([]);
  });

  it("gives programs one object", async () => {
    const { out } = await simpul("init", "33.23", "--json", "--dry-run");
    const { files, ...rest } = JSON.parse(out) as { readonly files: readonly string[] };
    const facts = { command: "init", kabupaten: "temanggung", code: "33.23" };
    expect(rest).toMatchObject({ ...facts, title: "Kabupaten Temanggung", written: false });
    expect(files.filter((file) => file.startsWith("desa/")).length).toBe(20);
  });

  it("says what was probably meant", async () => {
    const { code, out } = await simpul("init", "temangung", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      kabupaten: "temangung",
      findings: [{ id: "area-unknown", fix: "write 33.23 (Kabupaten Temanggung)" }],
    });
  });

  it("leaves a whole kabupaten or none when it is killed while it writes, and works afterwards", async () => {
    for (const delay of [0, 1, 2, 4, 8]) {
      const child = spawn(SIMPUL, ["init", "33.23", "--inventory", inventory], { stdio: "ignore" });
      const ended = once(child, "exit");
      const watcher = watch(inventory);
      await Promise.race([once(watcher, "change"), ended]);
      watcher.close();
      await setTimeout(delay);
      child.kill("SIGKILL");
      await ended;
      const folder = join(inventory, "temanggung");
      if (!existsSync(folder)) continue;
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
      expect(files.filter((file) => file.endsWith(".yaml")).length).toBe(20 + 20 + 30 + 2);
      rmSync(folder, { recursive: true });
    }
    expect((await simpul("init", "33.23")).code).toBe(0);
  });
});
