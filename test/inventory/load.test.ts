import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { loadInventory } from "../../modules/inventory/load.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import { readText } from "../../modules/inventory/read-text.ts";
import { TemporaryInventory } from "./temporary-inventory.ts";

const uji = async (): Promise<Inventory> => {
  const { inventory, findings } = await loadInventory({
    directory: join(import.meta.dirname, "../fixtures/inventory"),
    kabupaten: "uji",
  });
  expect(findings).toEqual([]);
  return inventory!;
};

describe("a good inventory", () => {
  it("is typed, with its defaults", async () => {
    const { kabupaten, wan, perangkatDaerah, desa, vps, lock } = await uji();
    expect(kabupaten).toMatchObject({
      name: "uji",
      title: "Uji",
      code: "33.23",
      dinas: "dinas-kominfo",
      regulation: "none",
    });
    expect(kabupaten.domain.text).toBe("ujikab.go.id");
    expect(kabupaten.addressing.pools.get("service")?.text).toBe("10.114.128.0/17");
    expect([...kabupaten.sites.keys()]).toEqual(["pusat-data", "drc"]);
    expect(kabupaten.engines.get("local")).toEqual({ name: "local" });
    expect(wan.pops).toEqual([
      {
        name: "ngadirejo",
        kecamatan: { code: "33.23.09", name: "Ngadirejo" },
        segments: ["backbone-a"],
        medium: "radio",
        space: new Map(),
      },
      {
        name: "parakan",
        kecamatan: { code: "33.23.08", name: "Parakan" },
        segments: ["backbone-a"],
        medium: "fiber",
        space: new Map(),
      },
    ]);
    expect(
      perangkatDaerah.map(({ name, mandiri, router, lan }) => ({ name, mandiri, router, lan }))[1],
    ).toEqual({
      name: "dinas-kominfo",
      mandiri: false,
      router: { at: "parakan", kind: "container" },
      lan: { length: 24, devices: 60 },
    });
    expect(desa.map(({ name }) => name)).toEqual([
      "desa-ngadirejo-gandu-wetan",
      "desa-ngadirejo-manggong",
      "desa-parakan-campursalam",
      "desa-parakan-wetan",
    ]);
    expect(desa[3]).toMatchObject({
      title: "Parakan Wetan",
      code: "33.23.08.1001",
      router: { at: "parakan", kind: "container" },
      lan: { length: 26, devices: 20 },
    });
    expect(vps[1]).toMatchObject({
      name: "sik-puskesmas",
      cpu: 0.5,
      memory: { text: "256MiB" },
      publish: [{ name: "sik", port: 443, audience: ["kecamatan-ngadirejo"] }],
      backup: {
        every: { seconds: 21_600 },
        keep: { daily: 14, weekly: 8, monthly: 12 },
        paths: ["/srv"],
        databases: [],
      },
      drc: "none",
      state: "active",
    });
    expect(lock.entries.size).toBe(0);
  });

  it("points at the very field, or at its nearest parent", async () => {
    const { kabupaten, wan, desa, vps } = await uji();
    const text = (places: { file: string; line: number; column: number }): string =>
      `${places.file}:${places.line}:${places.column}`;
    expect(text(kabupaten.origin.at("addressing", "pools", "desa"))).toBe("kabupaten.yaml:22:11");
    expect(text(wan.origin.at("pops", "parakan", "segments", 0))).toBe("wan/topology.yaml:6:48");
    expect(text(desa[3]!.origin.at("name"))).toBe("desa/parakan.yaml:3:36");
    expect(text(desa[3]!.origin.at("lan", "size"))).toBe("desa/parakan.yaml:3:5");
    expect(text(vps[0]!.origin.at("publish", 0, "port"))).toBe("vps/ppdb-online.yaml:10:31");
    expect(text(vps[0]!.origin.at("backup", "keep", "daily"))).toBe("vps/ppdb-online.yaml:11:9");
    expect(text(vps[0]!.origin.at())).toBe("vps/ppdb-online.yaml:1:1");
  });

  it("may have no VPS, no desa of its own and no lock, and is not disturbed by pages for people", async () => {
    using inventory = new TemporaryInventory();
    inventory
      .remove("vps")
      .write("README.md", "# Uji")
      .write("vps/.gitkeep", "")
      .write("ip-plan.lock.yaml", "# empty\n");
    expect((await inventory.load()).inventory?.vps).toEqual([]);
  });
});

describe("an inventory that is not there", () => {
  it.each(["ujii", "../uji", "", ".", "UJI", "uji/vps", "uji\0"])(
    "%j is told apart from a mistake in a file",
    async (kabupaten) => {
      using inventory = new TemporaryInventory();
      const { unreadable, findings } = await loadInventory({
        directory: inventory.directory,
        kabupaten,
      });
      expect(unreadable).toBe(true);
      expect(findings).toMatchObject([
        { id: "kabupaten-not-found", severity: "error", why: "there are: uji" },
      ]);
    },
  );

  it("names the folder when nothing is in it", async () => {
    const { unreadable, findings } = await loadInventory({
      directory: "/nowhere",
      kabupaten: "uji",
    });
    expect(unreadable).toBe(true);
    expect(findings[0]).toMatchObject({
      what: 'there is no kabupaten "uji" in /nowhere',
      why: expect.stringContaining("missing"),
    });
  });
});

describe("a file that should not be there", () => {
  it.each([
    ["vsp/ppdb.yaml", "vsp:1:1 unknown-folder"],
    ["vps/nested/ppdb.yaml", "vps/nested:1:1 unknown-folder"],
    ["vps/ppdb.yml", "vps/ppdb.yml:1:1 unknown-file"],
    ["wan/topologi.yaml", "wan/topologi.yaml:1:1 unknown-file"],
    ["kabupaten.yml", "kabupaten.yml:1:1 unknown-file"],
    ["vps/PPDB.yaml", "vps/PPDB.yaml:1:1 file-name"],
    ["vps/a--b.yaml", "vps/a--b.yaml:1:1 file-name"],
    [`vps/${"a".repeat(42)}.yaml`, `vps/${"a".repeat(42)}.yaml:1:1 file-name`],
    ["vps/\u001b[31mred.yaml", "vps/?[31mred.yaml:1:1 file-name"],
  ])("%j", async (file, finding) => {
    using inventory = new TemporaryInventory();
    expect(await inventory.write(file, "name: x\n").findings()).toEqual([finding]);
  });

  it("names what was probably meant", async () => {
    using inventory = new TemporaryInventory();
    expect((await inventory.write("vsp/ppdb.yaml", "").load()).findings).toMatchObject([
      { fix: "write vps" },
    ]);
  });

  it("is a symbolic link, even to a good file", async () => {
    using inventory = new TemporaryInventory();
    symlinkSync(inventory.path("vps/ppdb-online.yaml"), inventory.path("vps/other.yaml"));
    symlinkSync(inventory.path("vps"), inventory.path("dns"));
    expect(await inventory.findings()).toEqual([
      "dns:1:1 symbolic-link",
      "vps/other.yaml:1:1 symbolic-link",
    ]);
  });

  it("is a pipe", async () => {
    using inventory = new TemporaryInventory();
    execFileSync("mkfifo", [inventory.path("vps/pipe.yaml")]);
    expect(await inventory.findings()).toEqual(["vps/pipe.yaml:1:1 unknown-file"]);
  });
});

describe("a file that should be there", () => {
  it.each(["kabupaten.yaml", "wan/topology.yaml", "wan"])("%s", async (file) => {
    using inventory = new TemporaryInventory();
    const expected = file === "wan" ? "wan/topology.yaml" : file;
    expect(await inventory.remove(file).findings()).toEqual([`${expected}:1:1 file-missing`]);
  });
});

describe("a file that cannot be read as text", () => {
  const valid = "name: ppdb-online\n";
  it.each([
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${valid}`), "1:1 file-encoding"],
    [
      "UTF-16 with a byte order mark",
      Buffer.from(`\ufeff${valid}`, "utf16le"),
      "1:1 file-encoding",
    ],
    ["UTF-16 without one", Buffer.from(valid, "utf16le"), "1:1 file-encoding"],
    [
      "Latin-1, in its third line",
      Buffer.from(`${valid}owner: x\npurpose: caf\u00e9\n`, "latin1"),
      "3:1 file-encoding",
    ],
    ["more than a megabyte", Buffer.alloc(2 ** 20 + 1, "#"), "1:1 file-too-large"],
    ["nothing", "", "1:1 file-empty"],
    ["only a comment", "# soon\n", "1:1 file-empty"],
    ["a list", "- a\n", "1:1 wrong-shape"],
    ["a word", "word\n", "1:1 wrong-shape"],
  ])("%s", async (_, content, finding) => {
    using inventory = new TemporaryInventory();
    expect(await inventory.write("vps/ppdb-online.yaml", content).findings()).toEqual([
      `vps/ppdb-online.yaml:${finding}`,
    ]);
  });

  it("a file that is gone, or may not be read", () => {
    using inventory = new TemporaryInventory();
    const file = { kind: "vps", path: "vps/gone.yaml", stem: "gone" } as const;
    expect(readText(inventory.path(), file)).toMatchObject({
      id: "file-unreadable",
      at: { file: "vps/gone.yaml" },
    });
  });
});

describe("YAML that hides something", () => {
  const vps = (line: string): string =>
    readFileSync(
      join(import.meta.dirname, "../fixtures/inventory/uji/vps/ppdb-online.yaml"),
      "utf8",
    ).replace(/^purpose: .*$/m, line);

  it.each([
    ["an escape", 'purpose: "a\\x1b[31mb"', "3:10 control-character"],
    ["a line break", 'purpose: "a\\nb"', "3:10 control-character"],
    ["a bidirectional override", 'purpose: "a\\u202eb"', "3:10 control-character"],
    ["a zero-width space", "purpose: a\u200bb", "3:10 control-character"],
    ["half a character", 'purpose: "a\\ud800b"', "3:10 control-character"],
    ["a template", "purpose: a ${b} c", "3:10 template-sequence"],
    ["a directive", "purpose: '%{if}'", "3:10 template-sequence"],
    ["a template as a key", "purpose: a\n${b}: c", "4:1 template-sequence"],
    ["__proto__", "purpose: a\n__proto__: { state: archived }", "4:1 yaml-key"],
    ["constructor", "purpose: a\nconstructor: b", "4:1 yaml-key"],
    ["toString", "purpose: a\ntoString: b", "4:1 unknown-key"],
    ["a merge key", "purpose: a\n<<: { state: archived }", "4:1 unknown-key"],
    ["a mapping as a key", "purpose: a\n? { b: c }\n: d", "4:3 yaml-key"],
    ["a tag of its own", "purpose: !secret a", "3:10 yaml-tag"],
    ["an anchor on a mapping", "purpose: a\nextra: &x { b: c }", "4:8 yaml-alias"],
    ["an alias to nowhere", "purpose: *nowhere", "3:10 yaml-alias"],
    ["a very long value", `purpose: ${"a".repeat(9000)}`, "3:10 value-too-long"],
    ["deep nesting", `purpose: ${"[".repeat(40)}${"]".repeat(40)}`, "3:42 nested-too-deeply"],
  ])("%s", async (_, line, finding) => {
    using inventory = new TemporaryInventory();
    expect(await inventory.write("vps/ppdb-online.yaml", vps(line)).findings()).toEqual([
      `vps/ppdb-online.yaml:${finding}`,
    ]);
  });

  it.each([
    ["eight thousand brackets", "[".repeat(8000)], // once killed node itself, past any catch
    ["a hundred thousand brackets", "[".repeat(100_000)],
    ["a hundred thousand dashes", `${"- ".repeat(100_000)}a`],
    [
      "fifty thousand keys",
      Array.from({ length: 50_000 }, (_, index) => `key${index}: a\n`).join(""),
    ],
    [
      "aliases of aliases",
      `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f", "g", "h", "i"].map((key, index) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]\n`).join("")}`,
    ],
  ])("%s end in a finding, soon", { timeout: 20_000 }, async (_, text) => {
    using inventory = new TemporaryInventory();
    const { findings, inventory: loaded } = await inventory
      .write("vps/ppdb-online.yaml", text)
      .load();
    expect(loaded).toBeUndefined();
    expect(findings.length).toBeGreaterThan(0);
  });
});
