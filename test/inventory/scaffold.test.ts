import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Prefix } from "../../modules/core/prefix.ts";
import { fullName, type KecamatanArea } from "../../modules/inventory/scaffold/areas.ts";
import { scaffold, type ScaffoldChoices } from "../../modules/inventory/scaffold/scaffold.ts";
import { prepare } from "../../stacks/prepare.ts";
import { AREAS, EmptyInventory, GLOBAL_ID } from "./scaffold-lab.ts";

/** The widest, the largest, odd names, every time zone, cities, and the newest provinces. */
const SPREAD = [
  ...["11.01", "11.03", "11.08", "11.11", "12.01", "12.07", "12.14", "12.20", "12.77"],
  ...["13.05", "14.02", "16.09", "21.71", "31.01", "31.71", "32.05", "32.79", "33.06", "34.71"],
  ...["35.29", "51.71", "53.07", "63.03", "64.72", "73.26", "82.72", "91.71", "93.01", "94.01"],
  ...["95.03", "95.04", "95.06", "96.71"],
];

const certain = (text: string): Prefix => {
  const prefix = Prefix.parse(text);
  if (prefix instanceof Prefix) return prefix;
  throw new Error(prefix.what);
};
const CHOICES: ScaffoldChoices = {
  regulation: "none",
  domain: "contohkab.go.id",
  timezone: "Asia/Jakarta",
  ipv4: certain("10.16.0.0/12"),
  ipv6: certain("fd33:23a5:71c0::/48"),
};

describe("a kabupaten that was begun", () => {
  it("passes the check with warnings alone, whoever it is, all side by side", async () => {
    using inventory = new EmptyInventory();
    for (const [index, code] of SPREAD.entries()) {
      const kabupaten = await inventory.init(code);
      const { plan, findings } = await prepare({ kabupaten, inventory: inventory.directory });
      expect(
        findings.map(({ severity, id }) => `${severity} ${id}`),
        kabupaten,
      ).toEqual([
        ...Array<string>(4).fill("warning placeholder"),
        // There are 17 blocks.
        ...(index < 17 ? [] : ["warning block-overlap"]),
        "warning site-distance-unset",
        "info not-in-lock",
      ]);
      expect(plan?.routers.filter(({ tier }) => tier === "pop").length).toBe(
        AREAS.areasOf(AREAS.regencies.find((each) => each.code === code)!).kecamatan.length,
      );
    }
  });

  it.each(["11.08", "95.03", "95.06", "12.20"])(
    "has room for all its villages at once: %s",
    async (code) => {
      using inventory = new EmptyInventory();
      const kabupaten = await inventory.init(code, (text) =>
        text.replaceAll("status: planned", "status: active"),
      );
      const { plan, findings } = await prepare({ kabupaten, inventory: inventory.directory });
      expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(plan!.routers.filter(({ tier }) => tier === "desa").length).toBeGreaterThanOrEqual(
        300,
      );
    },
  );

  it("names every village once, as the ministry spells it", async () => {
    using inventory = new EmptyInventory();
    const regency = AREAS.regencies.find(({ code }) => code === "12.01")!;
    const kabupaten = await inventory.init(regency.code);
    const { inventory: read } = await prepare({ kabupaten, inventory: inventory.directory });
    const listed = AREAS.areasOf(regency).kecamatan.flatMap(({ villages }) => villages);
    const said = read!.desa.map(({ code, title: name }) => ({ code, name }));
    expect(said.toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual(listed);
    const twice = read!.desa.filter(({ title }) => title === "Sorkam Kanan");
    expect(twice.map(({ name, code }) => [name.slice(-4), code.slice(-4)])).toSatisfy(
      (pairs: [string, string][]) =>
        pairs.length === 2 && pairs.every(([end, code]) => end === code),
    );
  });

  it("has a block of its own as long as there are any, and is told when there are none", async () => {
    using inventory = new EmptyInventory();
    const blocks: Prefix[] = [];
    for (const { code } of AREAS.regencies.slice(0, 17)) {
      const { beginning, findings } = await inventory.begin(code);
      expect(findings).toEqual([]);
      const text = beginning!.files.get("kabupaten.yaml")!;
      blocks.push(certain(/ipv4: (.*)/.exec(text)![1]!));
      mkdirSync(inventory.path(beginning!.name));
      writeFileSync(inventory.path(beginning!.name, "kabupaten.yaml"), text);
    }
    expect(blocks[0]!.text).toBe("10.0.0.0/12");
    expect(blocks[16]!.text).toBe("172.16.0.0/12");
    expect(blocks.filter((a) => blocks.some((b) => a !== b && a.overlaps(b)))).toEqual([]);
    const { findings } = await inventory.begin("33.23");
    expect(findings).toMatchObject([{ id: "block-shared", severity: "warning" }]);
  });

  it("keeps out of a block of another size, and says so when a neighbour cannot be read", async () => {
    using inventory = new EmptyInventory();
    for (const name of ["besar", "rusak"]) mkdirSync(inventory.path(name));
    writeFileSync(
      inventory.path("besar/kabupaten.yaml"),
      'code: "99.99"\naddressing:\n  ipv4: 10.0.0.0/11\n',
    );
    writeFileSync(inventory.path("rusak/kabupaten.yaml"), "addressing: [");
    const { beginning, findings } = await inventory.begin("33.23");
    expect(beginning!.files.get("kabupaten.yaml")).toContain("ipv4: 10.32.0.0/12\n");
    expect(findings).toMatchObject([{ id: "neighbour-unread", severity: "warning" }]);
  });

  it("takes domain, time zone and regulation from the regulation that is about it", async () => {
    using inventory = new EmptyInventory();
    const facts = async (code: string): Promise<unknown> => {
      const { beginning } = await inventory.begin(code);
      const text = beginning!.files.get("kabupaten.yaml")!;
      return Object.fromEntries(
        ["name", "regulation", "domain", "timezone"].map((key) => [
          key,
          new RegExp(`^${key}: (.*)$`, "m").exec(text)![1],
        ]),
      );
    };
    expect(await facts("61.05")).toEqual({
      name: "Sintang",
      regulation: "perbup-sintang-102-2019",
      domain: "sintang.go.id",
      timezone: "Asia/Jakarta",
    });
    expect(await facts("32.79")).toEqual({
      name: "Kota Banjar",
      regulation: "none",
      domain: "banjarkota.go.id",
      timezone: "Asia/Jakarta",
    });
    expect(await facts("95.03")).toMatchObject({ timezone: "Asia/Jayapura" });
    expect(await facts("51.03")).toMatchObject({ timezone: "Asia/Makassar" });
    expect(await facts("31.01")).toMatchObject({ domain: "kepulauanseribukab.go.id" });
  });

  it("is the same for the same random bytes, and its /48 is made of them (RFC 4193)", async () => {
    using inventory = new EmptyInventory();
    const [one, two] = [await inventory.begin("33.23"), await inventory.begin("33.23")];
    expect(one).toEqual(two);
    expect(one.beginning!.files.get("kabupaten.yaml")).toContain("ipv6: fd33:23a5:71c0::/48\n");
    const other = await inventory.begin("33.23", { globalId: GLOBAL_ID.toReversed() });
    expect(other.beginning!.files.get("kabupaten.yaml")).toContain("ipv6: fdc0:71a5:2333::/48\n");
  });

  it("hangs the agencies on the kecamatan that is called like it", async () => {
    using inventory = new EmptyInventory();
    for (const [code, pop] of [
      ["33.23", "temanggung"],
      ["17.06", "kota-mukomuko"],
      ["53.10", "wae-rii"],
    ] as const) {
      const { beginning } = await inventory.begin(code);
      const rsud = beginning!.files.get("perangkat-daerah/rsud.yaml");
      expect(rsud, code).toContain(`at: ${pop},`);
    }
  });

  it("shares POPs when there are more kecamatan than shares of the pools", async () => {
    using inventory = new EmptyInventory();
    const files = scaffold({ ...TEMANGGUNG, kecamatan: manyKecamatan(70) }, CHOICES);
    for (const [file, text] of files) {
      mkdirSync(join(inventory.path("contoh", file), ".."), { recursive: true });
      writeFileSync(inventory.path("contoh", file), text);
    }
    const { plan, findings } = await prepare({
      kabupaten: "contoh",
      inventory: inventory.directory,
    });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(plan!.routers.filter(({ tier }) => tier === "pop").length).toBe(62);
    expect(readFileSync(inventory.path("contoh/desa/contoh-70.yaml"), "utf8")).toContain(
      "pop: contoh-1\n",
    );
  });
});

const TEMANGGUNG = AREAS.regencies.find((each) => fullName(each) === "Kabupaten Temanggung")!;

function manyKecamatan(count: number): KecamatanArea[] {
  return Array.from({ length: count }, (_, index) => {
    const code = `33.23.${String(index + 1).padStart(2, "0")}`;
    const villages = [{ code: `${code}.2001`, name: "Sukamaju" }];
    return { code, name: `Contoh ${index + 1}`, villages };
  });
}
