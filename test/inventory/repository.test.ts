import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import type { Inventory } from "../../modules/inventory/model.ts";
import { prepare } from "../../stacks/prepare.ts";
import { AREAS } from "./scaffold-lab.ts";

const DIRECTORY = join(import.meta.dirname, "../../inventory");

interface Regulation {
  readonly id: string;
  readonly kabupaten: string;
  readonly timezone: string;
  readonly domain: string;
}
const regulations = readdirSync(join(DIRECTORY, "regulations")).map(
  (file) => parse(readFileSync(join(DIRECTORY, "regulations", file), "utf8")) as Regulation,
);

const read = async (kabupaten: string) => {
  const { inventory, plan, findings } = await prepare({ kabupaten, inventory: DIRECTORY });
  return { inventory: inventory!, plan: plan!, findings };
};
/** Agencies that are no kecamatan's own office. */
const others = ({ perangkatDaerah }: Inventory) =>
  perangkatDaerah.filter(({ kind }) => kind !== "kecamatan");

describe.each(["temanggung", "manggarai"])("%s, worked out,", (kabupaten) => {
  it("leaves nothing to mend, and its lock pins all that the plan gives out", async () => {
    expect((await read(kabupaten)).findings).toEqual([]);
  });

  it("loses any one backbone segment or core router, and goes on", async () => {
    const { wan } = (await read(kabupaten)).inventory;
    expect(wan.segments.map(({ name }) => name)).toEqual(["backbone-a", "backbone-b"]);
    expect(wan.cores.map(({ name, site }) => `${name} ${site}`)).toEqual([
      "core-drc drc",
      "core-pusat-data pusat-data",
      "core-pusat-data-2 pusat-data",
    ]);
    for (const { segments } of [...wan.cores, ...wan.pops])
      expect(segments).toEqual(["backbone-a", "backbone-b"]);
  });

  it("names offices as contacts, each under its own subdomain, and no person", async () => {
    const { inventory } = await read(kabupaten);
    for (const { contacts, subdomain } of inventory.perangkatDaerah)
      for (const { email } of [...contacts.tier1, ...contacts.tier2])
        expect(email.endsWith(`@${subdomain}.${inventory.kabupaten.domain.text}`), email).toBe(
          true,
        );
  });
});

describe.each(["mukomuko", "banjar", "sintang"])("%s, begun,", (kabupaten) => {
  it("leaves to its Dinas what the sites are, and nothing else", async () => {
    const { findings } = await read(kabupaten);
    expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual([
      ...Array<string>(4).fill("warning placeholder"),
      "warning site-distance-unset",
    ]);
  });
});

describe.each([
  ["temanggung", "33.23", "temanggungkab.go.id"],
  ["manggarai", "53.10", "manggaraikab.go.id"],
  ["mukomuko", "17.06", "mukomukokab.go.id"],
  ["banjar", "63.03", "banjarkab.go.id"],
  ["sintang", "61.05", "sintang.go.id"],
])("%s", (kabupaten, code, domain) => {
  const regulation = regulations.find((each) => each.kabupaten === kabupaten)!;
  const areas = AREAS.areasOf(AREAS.regencies.find((each) => each.code === code)!);

  it("is what its regulation says", async () => {
    const { inventory } = await read(kabupaten);
    expect(inventory.kabupaten).toMatchObject({
      code,
      regulation: regulation.id,
      timezone: regulation.timezone,
    });
    expect(inventory.kabupaten.domain.text).toBe(domain);
    expect(regulation.domain).toBe(domain);
  });

  it("spells and numbers its villages as the ministry does", async () => {
    const { inventory } = await read(kabupaten);
    const listed = areas.kecamatan.flatMap(({ villages }) => villages);
    const said = inventory.desa.map(({ code, title: name }) => ({ code, name }));
    expect(said.toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual(listed);
  });

  it("has a POP in each kecamatan, and each kecamatan's office hangs on its own", async () => {
    const { inventory } = await read(kabupaten);
    const pops = new Map(inventory.wan.pops.map(({ name, kecamatan }) => [name, kecamatan]));
    const listed = areas.kecamatan.map(({ code, name }) => ({ code, name }));
    const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1);
    expect([...pops.values()].toSorted(byCode)).toEqual(listed);
    const offices = inventory.perangkatDaerah.filter(({ kind }) => kind === "kecamatan");
    expect(
      offices
        .map(({ title, router }) => ({ title, at: pops.get(router.at)?.name }))
        .toSorted((a, b) => (a.title < b.title ? -1 : 1)),
    ).toEqual(
      listed
        .map(({ name }) => ({ title: `Kecamatan ${name}`, at: name }))
        .toSorted((a, b) => (a.title < b.title ? -1 : 1)),
    );
  });
});

describe("temanggung", () => {
  it("is as wide as a real one: agencies, the villages of one kecamatan, VPS of several owners", async () => {
    const { inventory, plan } = await read("temanggung");
    expect(others(inventory).length).toBeGreaterThanOrEqual(30);
    const active = inventory.desa.filter(({ status }) => status === "active");
    expect(new Set(active.map(({ kecamatan }) => kecamatan.name))).toEqual(new Set(["Parakan"]));
    expect(active).toHaveLength(16);
    expect(inventory.vps).toHaveLength(5);
    expect(new Set(inventory.vps.map(({ owner }) => owner)).size).toBe(4);
    expect(plan.routers.length).toBeGreaterThanOrEqual(75);
    const rates = inventory.perangkatDaerah.map(({ bandwidth }) => bandwidth.text);
    expect(rates).toEqual(expect.arrayContaining(["10Mbps", "200Mbps"]));
  });

  it("keeps what was allocated before it grew", () => {
    const lock = readFileSync(join(DIRECTORY, "temanggung/ip-plan.lock.yaml"), "utf8").split("\n");
    for (const line of [
      "aggregate/temanggung/perangkat-daerah: 10.68.64.0/20 fd33:23a5:71c0:8400::/56",
      "asn/dinas-kominfo: 4229911165",
      "asn/core-pusat-data: 4229907682",
    ])
      expect(lock).toContain(line);
  });
});

describe("manggarai", () => {
  it("is as its regulation wants it: Tier 1 everywhere, Tier 2 at Dinas, nobody mandiri without a decree", async () => {
    const { inventory } = await read("manggarai");
    expect(others(inventory).length).toBeGreaterThanOrEqual(30);
    const tier2 = inventory.perangkatDaerah.filter(({ contacts }) => contacts.tier2.length > 0);
    expect(tier2.map(({ name }) => name)).toEqual(["dinas-kominfo"]);
    expect(inventory.perangkatDaerah.filter(({ mandiri }) => mandiri)).toEqual([]);
    expect(inventory.vps).toHaveLength(3);
    expect(inventory.desa.some(({ status }) => status === "active")).toBe(true);
  });
});
