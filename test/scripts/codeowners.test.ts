import { existsSync } from "node:fs";

import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { RequestLab, vpsFile } from "./pull-request-lab.ts";

let lab: RequestLab;
beforeEach(() => {
  lab = new RequestLab();
  onTestFinished(() => lab[Symbol.dispose]());
});

const ids = async (...words: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await lab.simpul(...words, "--json");
  const { findings } = JSON.parse(stdout) as {
    readonly findings: readonly { readonly id: string }[];
  };
  return findings.map(({ id }) => id).filter((id) => id.startsWith("codeowners-"));
};

describe("simpul codeowners", { timeout: 60_000 }, () => {
  it("gives an agency the files of its own VPS, and all else to the Dinas", async () => {
    lab.write("inventory/uji/vps/lain.yaml", vpsFile("lain", "dinas-kesehatan"));
    const { code, stdout } = await lab.simpul("codeowners");
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("#"));
    // The last line that fits counts: dinas-kesehatan names nobody, so its VPS is the Dinas's to approve.
    expect(lines).toEqual([
      "* @kominfo/jaringan",
      "/inventory/uji/vps/ppdb-online.yaml @dindik-tik",
    ]);
    expect(existsSync(lab.path("CODEOWNERS"))).toBe(false);
  });

  it("is asked for by check until it is written, and again when the inventory moves on", async () => {
    expect(await ids("check")).toEqual(["codeowners-stale"]);
    await lab.simpul("codeowners", "--write");
    expect(await ids("check")).toEqual([]);
    lab.write("inventory/uji/vps/lain.yaml", vpsFile("lain", "dinas-pendidikan"));
    expect(await ids("check")).toEqual(["codeowners-stale"]);
    await lab.simpul("codeowners", "--write");
    expect(lab.read("CODEOWNERS")).toContain("/inventory/uji/vps/lain.yaml @dindik-tik\n");
    expect(await ids("check")).toEqual([]);
  });

  it("leaves alone what people wrote", async () => {
    lab.write("CODEOWNERS", "* @orang\n");
    expect(await ids("check")).toEqual([]);
    expect(await ids("codeowners", "--write")).toEqual(["codeowners-foreign"]);
    expect(lab.read("CODEOWNERS")).toBe("* @orang\n");
  });

  it("says that nobody is named, where nobody is", async () => {
    lab.write("inventory/uji/perangkat-daerah/dinas-kominfo.yaml", (text) =>
      text.replace(/^maintainers:.*\n/m, ""),
    );
    expect(await ids("codeowners")).toEqual(["codeowners-nobody"]);
    expect(await ids("check")).toEqual([]);
  });
});
