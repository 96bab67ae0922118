import { describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import { Prefix } from "../../modules/core/prefix.ts";
import type { Egress, Inventory, Publication, Vps } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import type { Opening } from "../../modules/plan/router-plan.ts";
import { buildInventory } from "./inventory-builder.ts";
import { online } from "./online.ts";

/** Two agencies, each with one VPS: `vps-0` is what the case says. */
function inventory(said: Partial<Vps>): Inventory {
  const lans = [
    { length: 24, pop: 0 },
    { length: 24, pop: 0 },
  ];
  const base = buildInventory({ pops: 1, lans, vps: [0, 1] });
  return {
    ...base,
    vps: base.vps.map((one) =>
      one.name === "vps-0" ? { ...one, ...said } : { ...one, publish: [] },
    ),
  };
}

function publishing(...publish: readonly Publication[]): Inventory {
  return inventory({ publish });
}

function plan(said: Inventory): KabupatenPlan {
  const { plan: made, findings } = makePlan(said);
  if (made === undefined) throw new Error(JSON.stringify(findings));
  return made;
}

function openingsOf({ routers }: KabupatenPlan, gateway: string): readonly Opening[] {
  return routers.find(({ role, name }) => role === "gateway" && name === gateway)!.firewall
    .openings;
}

function recordsOf({ dns }: KabupatenPlan, name: string): readonly string[] {
  return dns.zones
    .flatMap(({ records }) => records)
    .filter((record) => record.name === `${name}.` && record.type === "A")
    .map(({ data }) => data);
}

const WEB: Publication = { name: "layanan", port: 443, audience: "internet" };
const PUBLIC = "layanan.a0.ujikab.go.id";
const INSIDE = "layanan.a0.intra.ujikab.go.id";

describe("who vouches for names", () => {
  const certificates = (acme: boolean, publication: Publication) => {
    const said = publishing(publication);
    const edge = {
      certificates: "acme",
      directory: "https://acme.example.org/directory",
      contact: "kominfo@ujikab.go.id",
    } as const;
    const kabupaten = { ...said.kabupaten, ...(acme && { edge }) };
    return plan({ ...said, kabupaten })
      .edge!.certificates.filter(({ id }) => id !== "edge1")
      .map(({ names, issuer }) => `${issuer}: ${names.join(" ")}`);
  };

  it.each<[string, boolean, Publication, readonly string[]]>([
    ["is the kabupaten itself for all", false, WEB, [`own: ${PUBLIC} ${INSIDE}`]],
    [
      "is another for names of the internet, where one is named",
      true,
      WEB,
      [`own: ${INSIDE}`, `acme: ${PUBLIC}`],
    ],
    [
      "is never another for names inside",
      true,
      { ...WEB, audience: "intranet" },
      [`own: ${INSIDE}`],
    ],
    ["is the server's business where it ends TLS", true, { ...WEB, tls: "server" }, []],
  ])("%s", (_, acme, publication, expected) => {
    expect(certificates(acme, publication)).toEqual(expected);
  });
});

describe("what is published through the edge", () => {
  it("leads by all its names to the edge, and from there to the server", () => {
    const made = plan(publishing(WEB));
    const [edge] = made.edge!.servers;
    const [vps] = made.vps;
    expect(recordsOf(made, PUBLIC)).toEqual([edge!.service.ipv4.text]);
    expect(recordsOf(made, INSIDE)).toEqual([edge!.service.ipv4.text]);
    expect(recordsOf(made, vps!.hostname)).toEqual([vps!.service.ipv4.text]);
    expect(made.edge!.publications).toMatchObject([
      { id: "vps-0.layanan", names: [PUBLIC, INSIDE], target: vps!.service, port: 80, tls: "edge" },
    ]);
  });

  it("is let in by the tenant's gateway from the edge alone, at the port where the server listens", () => {
    const made = plan(publishing({ ...WEB, to: 8080 }));
    const edge = made.edge!.servers[0]!.service.ipv4.hostPrefix;
    const open = openingsOf(made, "agency-0").filter(({ name }) => name.startsWith("publish-"));
    expect(open.map(({ port, from }) => [port, from?.ipv4.map(({ text }) => text)])).toEqual([
      [8080, [edge]],
    ]);
    expect(openingsOf(made, "edge").map(({ name, port }) => [name, port])).toEqual([
      ["web-80", 80],
      ["web-443", 443],
      ["ping-edge", undefined],
      ["publish-vps-0-layanan", 8080],
    ]);
  });

  it("is for whom the file names: everybody, the kabupaten, or LANs", () => {
    const audiences = ["internet", "intranet", ["agency-1"]] as const;
    const made = plan(
      publishing(...audiences.map((audience, at) => ({ name: `n${at}`, port: 443, audience }))),
    );
    const lan = made.routers.find(({ name, role }) => name === "agency-1" && role === "router")!;
    const from = made.edge!.publications.map((one) => one.from?.ipv4.map(({ text }) => text));
    expect(from).toEqual([undefined, ["10.112.0.0/12"], [lan.lan!.ipv4.text]]);
  });

  it("is known outside only where it is for the internet", () => {
    const made = plan(publishing({ ...WEB, audience: "intranet" }));
    expect(recordsOf(made, PUBLIC)).toEqual([]);
    expect(made.edge!.publications[0]!.names).toEqual([INSIDE]);
  });

  it("leaves a server its own name inside, and goes by the public one", () => {
    const made = plan(publishing({ ...WEB, name: "vps-0" }));
    expect(made.edge!.publications[0]!.names).toEqual(["vps-0.a0.ujikab.go.id"]);
    expect(recordsOf(made, "vps-0.a0.intra.ujikab.go.id")).toEqual([
      made.vps[0]!.service.ipv4.text,
    ]);
  });

  it("has nothing to do with other ports, which lead straight to the server", () => {
    const made = plan(publishing({ name: "db", port: 5432, audience: ["agency-1"] }));
    expect(made.edge).toBeUndefined();
    expect(made.stacks.map(({ name }) => name)).not.toContain("services");
    expect(recordsOf(made, "db.a0.intra.ujikab.go.id")).toEqual([made.vps[0]!.service.ipv4.text]);
    const lan = made.routers.find(({ name, role }) => name === "agency-1" && role === "router")!;
    const open = openingsOf(made, "agency-0").find(({ port }) => port === 5432)!;
    expect(open.from?.ipv4.map(({ text }) => text)).toEqual([lan.lan!.ipv4.text]);
  });

  it("keeps the edge while its server is suspended, and serves nothing of it", () => {
    const { edge } = plan(inventory({ publish: [WEB], state: "suspended" }));
    expect(edge?.servers).toHaveLength(1);
    expect(edge?.publications).toEqual([]);
  });

  it("moves no address of anybody when it comes", () => {
    const before = plan(publishing()).allocations;
    const after = new Map(plan(publishing(WEB)).allocations.map((one) => [one.key, one]));
    expect(before.length).toBeGreaterThan(10);
    for (const one of before) expect(after.get(one.key)).toEqual(one);
  });
});

describe("who comes in from the internet", () => {
  it("reaches the edge, at 80 and 443 of the outer address", () => {
    const made = plan(online(publishing(WEB)));
    const exit = made.routers.find(({ tier }) => tier === "exit")!.exit!;
    expect(exit.inbound).toEqual({ to: made.edge!.servers[0]!.service, ports: [80, 443] });
    expect(openingsOf(made, "edge")[0]).not.toHaveProperty("from");
  });

  it("reaches nothing where all is for the kabupaten", () => {
    const made = plan(online(publishing({ ...WEB, audience: "intranet" })));
    expect(made.routers.find(({ tier }) => tier === "exit")!.exit).not.toHaveProperty("inbound");
    expect(openingsOf(made, "edge")[0]!.from?.ipv4.map(({ text }) => text)).toEqual([
      "10.112.0.0/12",
    ]);
  });
});

describe("what servers may ask", () => {
  const asking = (...egress: readonly Egress[]): Inventory => inventory({ publish: [], egress });
  const outside = Prefix.host(address("198.41.0.4"));
  const TO_OUTSIDE: Egress = {
    to: { kind: "prefix", prefix: outside },
    port: 443,
    protocol: "tcp",
  };
  const egressOf = (made: KabupatenPlan, gateway: string): readonly Opening[] =>
    openingsOf(made, gateway).filter(({ name }) => name.startsWith("egress-"));

  it("is nothing but names until a file says more", () => {
    const made = plan(asking());
    const own = made.vps[0]!.service.ipv4;
    const asked = openingsOf(made, "agency-0").filter(({ from }) =>
      from?.ipv4.some((prefix) => own.isIn(prefix)),
    );
    expect(asked.map(({ name }) => name)).toEqual(["names-udp", "names-tcp"]);
  });

  it("is opened for that server alone, at its gateway and at the exit", () => {
    const made = plan(online(asking(TO_OUTSIDE)));
    const own = made.vps[0]!.service.ipv4.hostPrefix;
    const exit = made.routers.find(({ tier }) => tier === "exit")!.exit!;
    for (const openings of [egressOf(made, "agency-0"), exit.openings])
      expect(
        openings
          .filter(({ port }) => port === 443)
          .map(({ from, to }) => [from?.ipv4.map(String), to?.ipv4.map(String)]),
      ).toEqual([[[own], ["198.41.0.4/32"]]]);
    expect(egressOf(made, "agency-1")).toEqual([]);
    const gateways = made.routers.filter(({ role }) => role === "gateway");
    const beyond = new Map(gateways.map(({ name, firewall }) => [name, firewall.beyond]));
    expect([beyond.get("agency-0"), beyond.get("agency-1")]).toEqual(["internet", "nothing"]);
  });

  it("is opened for all where the kabupaten says so", () => {
    const base = asking();
    const ntp: Egress = { ...TO_OUTSIDE, port: 123, protocol: "udp" };
    const made = plan({ ...base, kabupaten: { ...base.kabupaten, egress: [ntp] } });
    for (const gateway of ["agency-0", "agency-1"])
      expect(egressOf(made, gateway)).toMatchObject([
        { name: "egress-all-1", protocol: "udp", port: 123 },
      ]);
  });

  it("covers the internet without a single address of the kabupaten's own", () => {
    const made = plan(online(asking({ to: { kind: "internet" }, port: 443, protocol: "tcp" })));
    const { to } = egressOf(made, "agency-0")[0]!;
    for (const family of ["ipv4", "ipv6"] as const) {
      const block = made.block[family];
      expect(to![family].filter((prefix) => prefix.overlaps(block))).toEqual([]);
      const size = to![family].reduce((sum, prefix) => sum + prefix.size, block.size);
      expect(size).toBe(1n << (family === "ipv4" ? 32n : 128n));
    }
  });

  it("leads to the edge where another's web is asked for", () => {
    const base = publishing(WEB);
    const egress: Egress = { to: { kind: "vps", name: "vps-0" }, port: 443, protocol: "tcp" };
    const vps = base.vps.map((one) => (one.name === "vps-1" ? { ...one, egress: [egress] } : one));
    const made = plan({ ...base, vps });
    expect(egressOf(made, "agency-1")[0]!.to!.ipv4.map(String)).toEqual([
      made.edge!.servers[0]!.service.ipv4.hostPrefix,
    ]);
  });
});

function address(text: string): Address {
  const parsed = Address.parse(text);
  if (!(parsed instanceof Address)) throw new Error(parsed.what);
  return parsed;
}
