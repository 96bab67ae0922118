import {
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";

import { describe, expect, it } from "vitest";

import { writeKabupaten } from "../../modules/inventory/scaffold/write-kabupaten.ts";
import { EmptyInventory } from "./scaffold-lab.ts";

const FILES = new Map([
  ["kabupaten.yaml", "code: x\n"],
  ["wan/topology.yaml", "pops: {}\n"],
]);

describe("writeKabupaten", () => {
  it("writes whole folders and leaves nothing else", async () => {
    using inventory = new EmptyInventory();
    expect(await writeKabupaten(inventory.directory, "uji", FILES)).toBe(true);
    expect(readdirSync(inventory.directory)).toEqual(["uji"]);
    expect(readFileSync(inventory.path("uji/wan/topology.yaml"), "utf8")).toBe("pops: {}\n");
  });

  it("makes the inventory's folder where there is none yet", async () => {
    using inventory = new EmptyInventory();
    expect(await writeKabupaten(inventory.path("new/inventory"), "uji", FILES)).toBe(true);
  });

  it("touches nothing when somebody was faster", async () => {
    using inventory = new EmptyInventory();
    mkdirSync(inventory.path("uji"));
    writeFileSync(inventory.path("uji/mine.yaml"), "mine");
    expect(await writeKabupaten(inventory.directory, "uji", FILES)).toBe(false);
    expect(readdirSync(inventory.path("uji"))).toEqual(["mine.yaml"]);
    expect(readdirSync(inventory.directory)).toEqual(["uji"]);
  });

  it("lets one of several at once win, with a whole folder", async () => {
    using inventory = new EmptyInventory();
    const runs = Array.from({ length: 8 }, (_, run) =>
      writeKabupaten(inventory.directory, "uji", new Map([...FILES, [`vps/run-${run}.yaml`, ""]])),
    );
    expect((await Promise.all(runs)).filter(Boolean)).toEqual([true]);
    expect(readdirSync(inventory.directory)).toEqual(["uji"]);
    expect(readdirSync(inventory.path("uji/vps")).length).toBe(1);
  });

  it("clears up after a run that was killed, and not after one that may still write", async () => {
    using inventory = new EmptyInventory();
    for (const draft of [".uji.draft-old", ".uji.draft-new", ".lain.draft-old"])
      mkdirSync(inventory.path(draft, "uji"), { recursive: true });
    for (const draft of [".uji.draft-old", ".lain.draft-old"])
      utimesSync(inventory.path(draft), 0, 0);
    expect(await writeKabupaten(inventory.directory, "uji", FILES)).toBe(true);
    expect(readdirSync(inventory.directory)).toEqual([".lain.draft-old", ".uji.draft-new", "uji"]);
  });
});

describe("init", () => {
  it("refuses what is there: a folder, a link to nowhere, the same code in another folder", async () => {
    using inventory = new EmptyInventory();
    await inventory.init("33.23");
    symlinkSync("/nowhere", inventory.path("kendal"));
    const refusals = [
      await inventory.begin("33.23"),
      await inventory.begin("33.23", { name: "lain" }),
      await inventory.begin("33.24"),
    ];
    for (const { beginning, findings } of refusals) {
      expect(beginning).toBeUndefined();
      expect(findings).toMatchObject([{ id: "kabupaten-exists", severity: "error" }]);
    }
  });

  it.each([
    ["name", "../lain", "slug-form"],
    ["name", "Lain", "slug-form"],
    ["domain", "kendal.com", "domain-not-government"],
    ["domain", "kendal kab", "domain-form"],
    ["domain", `${"a".repeat(63)}.${"b".repeat(60)}.go.id`, "domain-form"],
  ])("refuses --%s %s: %s", async (option, value, id) => {
    using inventory = new EmptyInventory();
    const { beginning, findings } = await inventory.begin("33.24", { [option]: value });
    expect(beginning).toBeUndefined();
    expect(findings).toMatchObject([{ id, severity: "error" }]);
  });
});
