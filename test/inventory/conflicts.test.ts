import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { TemporaryInventory } from "./temporary-inventory.ts";

describe("conflicts between files", () => {
  it("are reported at each of them", async () => {
    using inventory = new TemporaryInventory();
    const agency = readFileSync(inventory.path("perangkat-daerah/dinas-kesehatan.yaml"), "utf8");
    inventory
      .write(
        "perangkat-daerah/ppdb-online.yaml",
        agency.replace("subdomain: dinkes", "subdomain: ppdb"),
      )
      .write(
        "perangkat-daerah/pop-parakan.yaml",
        agency.replace("subdomain: dinkes", "subdomain: pop-parakan"),
      );
    expect(await inventory.findings()).toEqual([
      "perangkat-daerah/pop-parakan.yaml:1:1 slug-taken",
      "perangkat-daerah/ppdb-online.yaml:1:1 slug-taken",
      "vps/ppdb-online.yaml:1:7 slug-taken",
      "wan/topology.yaml:6:3 slug-taken",
    ]);
  });

  it.each([
    "ns1",
    "ns-primary",
    "resolver2",
    "name-service",
    "gateway",
    "core",
    "management",
    "stations",
    "access-parakan",
    "internet",
    "internet-exit",
  ])(
    "%s is what the plan calls a part of its own: no agency and no VPS is called so",
    async (slug) => {
      using inventory = new TemporaryInventory();
      const agency = readFileSync(inventory.path("perangkat-daerah/dinas-kesehatan.yaml"), "utf8");
      const vps = readFileSync(inventory.path("vps/ppdb-online.yaml"), "utf8");
      inventory.write(`perangkat-daerah/${slug}.yaml`, agency.replace("dinkes\n", "lain\n"));
      expect(await inventory.findings()).toEqual([
        `perangkat-daerah/${slug}.yaml:1:1 slug-reserved`,
      ]);
      inventory
        .remove(`perangkat-daerah/${slug}.yaml`)
        .write(`vps/${slug}.yaml`, vps.replace("ppdb-online", slug).replace("ppdb,", "lain,"));
      expect(await inventory.findings()).toEqual([`vps/${slug}.yaml:1:7 slug-reserved`]);
    },
  );

  it("are found between two devices that would be reached by one address", async () => {
    using inventory = new TemporaryInventory();
    for (const name of ["dinas-kesehatan", "dinas-pendidikan"]) {
      const file = `perangkat-daerah/${name}.yaml`;
      const agency = readFileSync(inventory.path(file), "utf8");
      const device = "kind: external, address: 10.113.16.9, platform: frr";
      inventory.write(file, agency.replace("kind: container", device));
    }
    expect(await inventory.findings()).toEqual([
      "perangkat-daerah/dinas-kesehatan.yaml:7:51 router-address-twice",
      "perangkat-daerah/dinas-pendidikan.yaml:7:49 router-address-twice",
    ]);
  });

  it("are found between a backbone segment and an agency, whose tenant segment has its name", async () => {
    using inventory = new TemporaryInventory();
    const topology = readFileSync(inventory.path("wan/topology.yaml"), "utf8");
    inventory.write("wan/topology.yaml", topology.replaceAll("backbone-a", "dinas-kesehatan"));
    expect(await inventory.findings()).toEqual([
      "perangkat-daerah/dinas-kesehatan.yaml:1:1 slug-taken",
      "wan/topology.yaml:2:3 slug-taken",
    ]);
  });

  it("leave reserved names to Dinas", async () => {
    using inventory = new TemporaryInventory();
    const dinas = readFileSync(inventory.path("perangkat-daerah/dinas-kominfo.yaml"), "utf8");
    inventory.write(
      "perangkat-daerah/dinas-kominfo.yaml",
      dinas.replace("subdomain: kominfo", "subdomain: www"),
    );
    expect(await inventory.findings()).toEqual([]);
  });
});
