import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { TemporaryInventory } from "../inventory/temporary-inventory.ts";

const SIMPUL = join(import.meta.dirname, "../../scripts/simpul");

describe("simpul check, where there is no room, names what is full, what that is a part of, and what helps:", () => {
  it("a POP's share of the agencies' pool", async () => {
    using inventory = unallocated();
    topology(inventory, "parakan", "{ perangkat-daerah: /24 }");
    for (const name of ["dinas-satu", "dinas-dua", "dinas-tiga"]) agency(inventory, name, "/26");
    const { code, text } = await check(inventory);
    expect(code).toBe(1);
    expect(text).toMatch(
      /nothing is free in the share of POP parakan in the pool perangkat-daerah \(10\.\S+\/24\)/,
    );
    expect(text).toMatch(
      /; the pool perangkat-daerah \(10\.116\.0\.0\/14\) around it has 1 x \/\d+.* free$/m,
    );
    expect(text).toMatch(
      /fix: .*space: \{ perangkat-daerah: \/23 \}.*make the pool perangkat-daerah larger/,
    );
    // What it says helps.
    topology(inventory, "parakan", "{ perangkat-daerah: /22 }");
    expect((await check(inventory)).code).toBe(0);
  });

  it("a share in which only smaller prefixes are left", async () => {
    using inventory = unallocated();
    topology(inventory, "parakan", "{ perangkat-daerah: /24 }");
    inventory.write(
      "ip-plan.lock.yaml",
      "aggregate/parakan/perangkat-daerah: 10.116.4.0/24 fd6a:91c4:e37:8000::/56\nlan/dinas-kominfo: 10.116.4.64/26 fd6a:91c4:e37:8001::/64\nlan/dinas-pendidikan: 10.116.4.128/26 fd6a:91c4:e37:8000::/64\n",
    );
    agency(inventory, "dinas-satu", "/25");
    const { text } = await check(inventory);
    expect(text).toMatch(/\(10\.116\.4\.0\/24\) has no free \/25, only 2 x \/26; the pool/);
    expect(text).toMatch(/fix: ask for a \/26 or longer, or give this POP more/);
  });

  it("a pool, in its block", async () => {
    using inventory = unallocated();
    topology(inventory, "parakan", "{ perangkat-daerah: /15 }");
    topology(
      inventory,
      "ngadirejo",
      "{ perangkat-daerah: /15 }",
      'pops:\n  lain: { kecamatan: "33.23.10", segments: [backbone-a], medium: fiber }',
    );
    const desa = readFileSync(inventory.path("desa/parakan.yaml"), "utf8");
    const other = desa
      .replaceAll("33.23.08", "33.23.10")
      .replaceAll("Parakan", "Lain")
      .replaceAll("desa-parakan", "desa-lain");
    inventory.write("desa/lain.yaml", other);
    const { code, text } = await check(inventory);
    expect(code).toBe(1);
    expect(text).toMatch(
      /no room for aggregate\/\S+\/perangkat-daerah: (?:nothing is free in the pool perangkat-daerah|the pool perangkat-daerah \S+ has no free)/,
    );
    expect(text).toMatch(/; the block \(10\.112\.0\.0\/12\) around it has 1 x \/\d+.* free$/m);
  });

  it("service addresses, some of which rest", async () => {
    using inventory = unallocated();
    const kabupaten = readFileSync(inventory.path("kabupaten.yaml"), "utf8");
    inventory.write("kabupaten.yaml", kabupaten.replace("10.114.128.0/17", "10.114.128.0/28"));
    const rest = Array.from({ length: 12 }, (_, index) => {
      const day = `2026-11-${String(index + 10)}`;
      return `freed/${day}/service/lama-${index}: 10.114.128.${index} fd6a:91c4:e37:4000::${index.toString(16)}\n`;
    });
    inventory.write("ip-plan.lock.yaml", rest.join(""));
    const { text } = await check(inventory);
    expect(text).toMatch(
      /every address of the pool service \(10\.114\.128\.0\/28\) is taken; the block/,
    );
    expect(text).toMatch(/12 that were freed rest in it for 30 days, the first since 2026-11-10$/m);
    expect(text).toMatch(/fix: archive servers that have expired .* make the pool service larger/);
  });

  it("a tenant's segment", async () => {
    using inventory = unallocated();
    const segment = "tenant/dinas-kesehatan: 10.114.5.0/29 fd6a:91c4:e37:3000::/64\n";
    inventory.write("ip-plan.lock.yaml", segment);
    const vps = readFileSync(inventory.path("vps/sik-puskesmas.yaml"), "utf8");
    for (let index = 0; index < 4; index++)
      inventory.write(
        `vps/sik-${index}.yaml`,
        vps.replace("sik-puskesmas", `sik-${index}`).replace("name: sik,", `name: sik-${index},`),
      );
    const { text } = await check(inventory);
    expect(text).toMatch(
      /every address of the segment dinas-kesehatan \(10\.114\.5\.0\/29\) is taken; the pool pusat-data \(10\.114\.0\.0\/17\) around it has/,
    );
    expect(text).toMatch(/fix: archive servers that have expired/);
  });
});

/** Nothing is pinned but what a test pins itself. */
function unallocated(): TemporaryInventory {
  return new TemporaryInventory().write("ip-plan.lock.yaml", "");
}

/** What one POP takes of a pool, and perhaps one more POP. */
function topology(inventory: TemporaryInventory, pop: string, space: string, pops = "pops:"): void {
  const file = "wan/topology.yaml";
  const before = readFileSync(inventory.path(file), "utf8");
  const line = new RegExp(`(  ${pop}: \\{.*medium: \\w+).*\\}$`, "m");
  inventory.write(file, before.replace(line, `$1, space: ${space} }`).replace("pops:", pops));
}

function agency(inventory: TemporaryInventory, name: string, size: string): void {
  const text = readFileSync(inventory.path("perangkat-daerah/dinas-kesehatan.yaml"), "utf8");
  inventory.write(
    `perangkat-daerah/${name}.yaml`,
    text
      .replaceAll("dinkes", name)
      .replace("at: ngadirejo", "at: parakan")
      .replace(/lan: .*/, `lan: { size: ${size}, devices: 20 }`),
  );
  for (const other of ["dinas-pendidikan", "dinas-kominfo"]) {
    const file = `perangkat-daerah/${other}.yaml`;
    const before = readFileSync(inventory.path(file), "utf8");
    inventory.write(file, before.replace(/lan: .*/, "lan: { size: /26, devices: 20 }"));
  }
}

function check({ directory }: TemporaryInventory): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const words = ["check", "--kabupaten", "uji", "--inventory", directory];
    const child = execFile(SIMPUL, words, (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, text: stdout }),
    );
  });
}
