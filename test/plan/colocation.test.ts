import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { ByteSize } from "../../modules/core/byte-size.ts";
import { Duration } from "../../modules/core/duration.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import type { RackDevice } from "../../modules/inventory/rack.ts";
import { checkServerOwners, COLOCATION_LAWS } from "../../modules/plan/colocation-owners.ts";
import { serversOnEngines } from "../../modules/plan/colocation-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { ipList } from "../../modules/plan/ip-list.ts";
import { buildInventory } from "./inventory-builder.ts";
import { device, rackOf } from "./rack-builder.ts";

const REGULATIONS = join(import.meta.dirname, "../../inventory/regulations");
const BASE = buildInventory({
  pops: 1,
  lans: [
    { length: 24, pop: 0 },
    { length: 24, pop: 0 },
  ],
  vps: [],
});

function withServer(
  said: Partial<RackDevice> = {},
  duty: Partial<NonNullable<RackDevice["server"]>> = {},
): Inventory {
  const simrs = device({ name: "simrs", kind: "server", owner: "agency-1", ...said });
  const server = {
    purpose: "uji",
    classification: "terbatas" as const,
    external: false,
    sshKeys: [],
    publish: [{ name: "data", port: 443, audience: "intranet" as const }],
    backup: {
      every: Duration.parse("6h") as Duration,
      keep: { daily: 1, weekly: 1, monthly: 1 },
      paths: ["/srv"],
      databases: [],
    },
    drc: "none" as const,
    origin: simrs.origin,
    ...duty,
  };
  return { ...BASE, racks: [rackOf([{ ...simrs, server }])] };
}

const planOf = (inventory: Inventory) => makePlan(inventory).plan!;

describe("an agency's server in a rack", () => {
  it("has an address on its owner's segment, a service address, names both ways, and its owner's gateway", () => {
    const plan = planOf(withServer());
    const [simrs] = plan.colocation;
    expect(simrs).toMatchObject({ segment: "agency-1", rack: "rak-a", units: "1", running: true });
    expect(
      ipList(plan.allocations).filter(({ name, owner }) => name === "simrs" && owner !== "backup"),
    ).toEqual([
      { kind: "colocation", owner: "agency-1", name: "simrs", address: simrs!.address.ipv4.text },
      { kind: "colocation", owner: "agency-1", name: "simrs", address: simrs!.address.ipv6.text },
      { kind: "service", owner: "agency-1", name: "simrs", address: simrs!.service.ipv4.text },
      { kind: "service", owner: "agency-1", name: "simrs", address: simrs!.service.ipv6.text },
    ]);
    const records = plan.dns.zones
      .flatMap(({ records: all }) => all)
      .filter(({ name, data }) => `${name} ${data}`.includes("simrs.a1.intra"));
    expect(records.map(({ type }) => type).toSorted()).toEqual(["A", "AAAA", "PTR", "PTR"]);
    const gateway = plan.routers.find(
      ({ role, name }) => role === "gateway" && name === "agency-1",
    )!;
    expect(gateway.firewall.openings.map(({ name }) => name)).toContain("publish-simrs-data");
    expect(gateway.originates).toContainEqual(expect.objectContaining({ via: "server" }));
  });

  it.each([
    ["installed", false, { container: true, running: true, announced: true, published: true }],
    ["off", false, { container: true, running: false, announced: false, published: false }],
    ["planned", false, { container: false, running: false, announced: false, published: false }],
    ["installed", true, { container: false, running: true, announced: true, published: true }],
  ] as const)("%s, external %s", (state, external, expected) => {
    const plan = planOf(withServer({ state }, { external }));
    const gateway = plan.routers.find(
      ({ role, name }) => role === "gateway" && name === "agency-1",
    )!;
    expect({
      container: serversOnEngines(plan).length === 1,
      running: plan.colocation[0]!.running,
      announced: gateway.originates.some(({ via }) => via === "server"),
      published: gateway.firewall.openings.some(({ name }) => name === "publish-simrs-data"),
    }).toEqual(expected);
    const own = plan.allocations.filter(
      ({ name, owner }) => name === "simrs" && owner !== "backup",
    );
    expect(own).toHaveLength(2);
  });

  it("is gone from the plan once it is removed, its tenant with it", () => {
    const plan = planOf(withServer({ state: "removed" }));
    expect(plan.colocation).toEqual([]);
    expect(plan.segments.some(({ name }) => name === "agency-1")).toBe(false);
  });

  it("counts for nothing in the capacity of the site: it brings its own", () => {
    const full = { cpu: 0, memory: ByteSize.parse("1MiB"), disk: ByteSize.parse("1MiB") } as const;
    const inventory = withServer();
    const sites = new Map([
      [
        "pusat-data" as const,
        {
          name: "pusat-data" as const,
          engine: "local",
          location: { lat: -7, lon: 110 },
          risks: [],
          capacity: {
            ...(full as { cpu: number; memory: ByteSize; disk: ByteSize }),
            headroom: 0,
            overcommit: { cpu: 1, memory: 1, disk: 1 },
          },
        },
      ],
    ]);
    const kabupaten = { ...inventory.kabupaten, sites };
    expect(makePlan({ ...inventory, kabupaten }).plan).toBeDefined();
  });
});

describe("whose server may stand there", () => {
  const severity = (regulation: string, mandiri: boolean): string | undefined => {
    const inventory = withServer();
    const perangkatDaerah = inventory.perangkatDaerah.map((each) => ({ ...each, mandiri }));
    const kabupaten = { ...inventory.kabupaten, regulation };
    return checkServerOwners({ ...inventory, kabupaten, perangkatDaerah })[0]?.severity;
  };

  it.each([
    ["perbup-manggarai-52-2021", "error"],
    ["perbup-banjar-85-2019", "error"],
    ["perbup-temanggung-83-2021", "warning"],
    ["perbup-sintang-102-2019", "warning"],
    ["none", "warning"],
  ])("%s: one of who is not mandiri is an %s, one of a PD Mandiri TIK nothing", (law, expected) => {
    expect(severity(law, false)).toBe(expected);
    expect(severity(law, true)).toBeUndefined();
  });

  it("says nothing of Dinas's own, nor of what is gone", () => {
    expect(checkServerOwners(withServer({ owner: "agency-0" }))).toEqual([]);
    expect(checkServerOwners(withServer({ state: "removed" }))).toEqual([]);
  });

  it.each([...COLOCATION_LAWS])(
    "%s: an error only where the regulation names PD Mandiri TIK",
    (id, law) => {
      const { obligations } = parse(readFileSync(join(REGULATIONS, `${id}.yaml`), "utf8")) as {
        obligations: { id: string; actor: string; topic: string }[];
      };
      const cited = obligations.filter((each) => law.obligations.includes(each.id));
      expect(cited).toHaveLength(law.obligations.length);
      const named = obligations.some(
        ({ actor, topic }) => actor === "pd-mandiri" && topic === "colocation",
      );
      expect(law.severity).toBe(named ? "error" : "warning");
    },
  );
});
