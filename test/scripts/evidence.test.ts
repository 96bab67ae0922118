import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
/** Of its own, for its signing key stands among the checkout's secrets. */
const KABUPATEN = `bukti-${process.pid}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "simpul-evidence-"));
  cpSync(join(ROOT, "test/fixtures/inventory/uji"), join(folder, "inventory", KABUPATEN), {
    recursive: true,
  });
  regulation("perbup-temanggung-83-2021");
  writeFileSync(join(folder, "denah.pdf"), "denah LAN");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(ROOT, ".simpul/secrets", KABUPATEN), { recursive: true, force: true });
});

function regulation(id: string): void {
  const file = join(folder, "inventory", KABUPATEN, "kabupaten.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^regulation: .*$/m, `regulation: ${id}`));
}

interface Said {
  readonly findings: readonly {
    readonly id: string;
    readonly fix: string;
    readonly what: string;
  }[];
  readonly evidence?: readonly { readonly measured: Readonly<Record<string, unknown>> }[];
  readonly writers?: readonly { readonly writer: string; readonly files: readonly string[] }[];
}

function simpul(...words: readonly string[]): Promise<{ code: number; out: string; said: Said }> {
  const common = ["--kabupaten", KABUPATEN, "--inventory", join(folder, "inventory")];
  const all = [...words, ...common, "--evidence", join(folder, "evidence")];
  return new Promise((resolve) => {
    const child = execFile(join(ROOT, "scripts/simpul"), all, { cwd: folder }, (_error, out) =>
      resolve({
        ...{ code: child.exitCode ?? -1, out },
        said: (words.includes("--json") ? JSON.parse(out) : {}) as Said,
      }),
    );
  });
}

describe("simpul evidence", () => {
  it("files a document, lists it, and sees that nobody changed it, or who did", async () => {
    const filed = await simpul(
      "evidence",
      "add",
      "temanggung-22-1",
      "denah.pdf",
      "--date",
      "2026-01-05",
    );
    expect(filed.code).toBe(0);
    expect(filed.out).toMatch(/^filed for .*83\/2021 pasal 22\(1\): SHA-256 [0-9a-f]{64}$/m);

    const listed = await simpul("evidence", "list", "--obligation", "temanggung-22-1", "--json");
    expect(listed.said.evidence).toMatchObject([
      { kind: "document", subject: "denah.pdf", measured: { date: "2026-01-05", bytes: 9 } },
    ]);
    const found = async (...words: readonly string[]) =>
      (await simpul("evidence", "list", "--json", ...words)).said.evidence!.length;
    expect(await found("--document", "denah.pdf", "--kind", "document")).toBe(1);
    expect(await found("--kind", "verify-wan")).toBe(0);
    expect(await found("--until", "2020")).toBe(0);
    expect((await simpul("evidence", "list")).out).toMatch(
      /document +ok +denah\.pdf +temanggung-22-1/,
    );

    const whole = await simpul("evidence", "verify", "--json");
    expect(whole.code).toBe(0);
    expect(whole.said.findings.map(({ id }) => id)).toEqual(["evidence-signers-missing"]);
    const [{ writer, files }] = whole.said.writers as [{ writer: string; files: string[] }];

    const ledger = join(folder, "evidence", KABUPATEN, files[0]!);
    const text = readFileSync(ledger, "utf8");
    const copy = join(folder, "kept-head");
    cpSync(join(folder, "evidence", KABUPATEN, "heads", writer), copy);
    writeFileSync(ledger, text.replace("2026-01-05", "2026-11-05"));
    const edited = await simpul("evidence", "verify", "--json");
    expect(edited.code).toBe(1);
    expect(edited.said.findings.at(-1)).toMatchObject({ id: "evidence-edited", at: { line: 1 } });
    rmSync(join(folder, "evidence"), { recursive: true });
    const gone = await simpul("evidence", "verify", "--copy", copy);
    expect(gone.code).toBe(1);
    expect(gone.out).toContain("evidence-truncated");
  }, 60_000);

  it("names the key that the inventory should name, until it does", async () => {
    await simpul("evidence", "add", "temanggung-22-1", "denah.pdf");
    const file = join(folder, "inventory", KABUPATEN, "kabupaten.yaml");
    const before = readFileSync(file, "utf8");
    const other =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxTwj/S6ucVl/pXMInCVsKqfrohum4GVhXT4QynwZLW";
    writeFileSync(file, `${before}evidence: { signers: [{ name: lain, key: ${other} }] }\n`);
    const unknown = await simpul("evidence", "verify", "--json");
    const finding = unknown.said.findings.at(-1)!;
    expect([unknown.code, finding.id]).toEqual([1, "evidence-signer-unknown"]);
    const key = /ssh-ed25519 \S+/.exec(finding.fix)![0];
    writeFileSync(file, `${before}evidence: { signers: [{ name: pusat-data, key: ${key} }] }\n`);
    const known = await simpul("evidence", "verify", "--json");
    expect(known.said).toMatchObject({
      findings: [],
      writers: [{ signer: "pusat-data", key, lines: 2 }],
    });
    writeFileSync(file, before);
  }, 60_000);

  it.each([
    ["an obligation that is not", ["temanggung-99", "denah.pdf"], "no obligation"],
    ["a day that is not", ["temanggung-22-1", "denah.pdf", "--date", "2026-02-30"], "2026-02-30"],
    ["a day to come", ["temanggung-22-1", "denah.pdf", "--date", "2150-01-01"], "not over"],
  ])("refuses %s", async (_name, words, said) => {
    const { code, out } = await simpul("evidence", "add", ...words);
    expect(code).toBe(2);
    expect(out).toContain(said);
  });

  it("says so when there is no such document", async () => {
    const { code, out } = await simpul("evidence", "add", "temanggung-22-1", "nothing.pdf");
    expect(code).toBe(3);
    expect(out).toContain("nothing.pdf");
  });
});
