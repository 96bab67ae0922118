import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const UJI = ["--kabupaten", "uji", "--inventory", join(ROOT, "test/fixtures/inventory")];

describe("simpul ip", () => {
  it("shows how full one pool is, for people and for programs", async () => {
    const people = await ip("free", "loopback");
    expect(people.code).toBe(0);
    expect(people.stdout).toMatch(/^POOL +SHARE OF +PREFIX +USED +FREE +FULL +LARGEST FREE\n/m);
    const { stdout } = await ip("free", "loopback", "--json");
    const { ok, spaces } = JSON.parse(stdout) as { ok: boolean; spaces: { pool: string }[] };
    expect(ok).toBe(true);
    expect(new Set(spaces.map(({ pool }) => pool))).toEqual(new Set(["loopback"]));
  });

  it("lists one agency's allocations, both families in one line", async () => {
    const { code, stdout } = await ip("list", "dinas-kesehatan");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^KIND +OWNER +NAME +IPV4 +IPV6\n/m);
    expect(stdout).toMatch(/^lan +dinas-kesehatan +10\.\S+\/25 +fd6a:\S+\/64$/m);
    expect(stdout).not.toContain("dinas-pendidikan");
    const missing = await ip("list", "dinas-kesehatn");
    expect(missing.code).toBe(2);
    expect(missing.stdout).toContain("fix: write dinas-kesehatan");
  });

  it("explains an address, also one that is nobody's", async () => {
    const { code, stdout } = await ip("explain", "192.168.1.1", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, status: "outside", asked: "192.168.1.1" });
  });

  it.each(["list", "free", "explain", "lock", "import"])(
    "shows an example of ip %s",
    async (name) => {
      expect((await ip(name, "--help")).stdout).toContain(`Example:\n  $ simpul ip ${name}`);
    },
  );

  it.each([
    ["an address that is none", ["explain", "10.01.2.3"], "write 10.1.2.3"],
    ["host bits", ["explain", "10.64.0.1/24"], "write 10.64.0.0/24"],
    ["a pool that is none", ["free", "loopbak"], "write loopback"],
    ["a day that is none", ["lock", "--today", "2026-02-30"], "the last day of that month is"],
    ["a CSV that is not there", ["import", "/nowhere.csv"], "name a file that you may read"],
    ["a commit that is none", ["lock", "--repair", "--output=x"], "name main as it was before"],
  ])("refuses %s with exit code 2 and what to write", async (_name, words, fix) => {
    const { code, stdout } = await ip(...words);
    expect(code).toBe(2);
    expect(stdout).toContain(`fix: ${fix}`);
  });
});

function ip(...words: readonly string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      join(ROOT, "scripts/simpul"),
      ["ip", ...words, ...UJI],
      { cwd: tmpdir() },
      (_error, stdout) => resolve({ code: child.exitCode ?? -1, stdout }),
    );
  });
}
