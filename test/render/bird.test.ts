import { describe, expect, it } from "vitest";

import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { birdConfig } from "../../modules/render/bird.ts";
import { agencyLan, BLOCK, kabupaten, lists, prefixes, withDrc } from "./router-fixture.ts";

const { core, pop, gateway, agencies } = kabupaten(2);
const config = (router: RouterPlan): string => birdConfig(router, BLOCK);

describe("birdConfig of a hub", () => {
  it("believes each neighbour its own prefixes only, by address, ASN and next hop", () => {
    expect(section(config(pop), "filter from_hub4_access_parakan")).toBe(`\
filter from_hub4_access_parakan {
  if bgp_path.len > 8 || bgp_next_hop != from then reject;
  case from {
    # dinas-1
    10.208.16.10 : if bgp_path.first = 4200002001 && net ~ [ 10.209.1.11/32, 10.212.1.0/24 ] then accept;
    # dinas-2
    10.208.16.11 : if bgp_path.first = 4200002002 && net ~ [ 10.209.1.12/32, 10.212.2.0/24 ] then accept;
  }
  reject;
}`);
  });

  it("lets any planned neighbour call in and keeps what it refuses visible", () => {
    expect(section(config(pop), "protocol bgp hub6_access_parakan")).toBe(`\
protocol bgp hub6_access_parakan from session6 {
  local fd5c:ad00:7031:2::1 as 4200001000;
  neighbor range fd5c:ad00:7031:2::/64 external;
  dynamic name "hub6_access_parakan_";
  bfd { interval 1000 ms; multiplier 3; };
  ipv6 {
    import filter from_hub6_access_parakan;
    export filter to_hub6;
    receive limit 102 action block;
  };
}`);
    expect(config(pop)).toContain("import keep filtered on;");
  });

  it("refuses all from a neighbour that may announce nothing in one family", () => {
    const [hub] = pop.hubs;
    const silent = hub!.peers.map((peer) => ({
      ...peer,
      mayAnnounce: { ...peer.mayAnnounce, ipv6: [] },
    }));
    const text = config({ ...pop, hubs: [{ ...hub!, peers: silent }] });
    expect(section(text, "filter from_hub6_access_parakan")).not.toContain("accept");
    expect(section(text, "filter from_hub4_access_parakan")).toContain("accept");
  });
});

describe("birdConfig of a core beside another", () => {
  it("believes the other, by address and ASN, what the plan has behind it", () => {
    expect(section(config(withDrc(core)), "filter from_hub4_backbone_a")).toContain(`
    # core-drc
    10.208.0.2 : if bgp_path.first = 4200000001 && net ~ [ 10.209.0.2/32, 10.209.1.0/24, 10.210.128.7/32, 10.212.0.0/18 ] then accept;
`);
  });

  it("dials it, or waits for its call, with the same filters", () => {
    const dialling = section(config(withDrc(core)), "protocol bgp beside6_core_drc_backbone_a");
    expect(dialling).toContain("neighbor fd5c:ad00:7031:1::2 as 4200000001;");
    expect(dialling).toContain("import filter from_hub6_backbone_a;");
    expect(dialling).toContain("receive limit 104 action block;");
    const waiting = config(withDrc(core, false));
    expect(waiting).not.toContain("protocol bgp beside");
    expect(waiting).toContain("10.208.0.2 : if");
  });
});

describe("birdConfig towards the core", () => {
  it("announces aggregates and what lies outside them, never what came from the core", () => {
    expect(section(config(pop), "filter to_uplink4")).toBe(`\
filter to_uplink4 {
  if proto = "aggregate4" then accept;
  if net ~ [ 10.209.1.0/24+, 10.212.0.0/18+ ] then reject;
  if proto ~ "hub4_*" || proto = "own4" || proto = "server4" then accept;
  reject;
}`);
  });

  it("takes only the kabupaten's block, and never its own prefixes", () => {
    expect(section(config(agencies[0]!), "filter from_uplink4")).toBe(`\
filter from_uplink4 {
  if !(net ~ [ 10.208.0.0/12+ ]) || bgp_path.len > 8 then reject;
  if net ~ [ 10.209.1.11/32+, 10.212.1.0/24+ ] then reject;
  accept;
}`);
  });

  it("takes a more specific route inside its aggregate: an agency that moved", () => {
    const refused = section(config(pop), "filter from_uplink4");
    expect(refused).toContain("10.212.0.0/18 ");
    expect(refused).not.toContain("10.212.0.0/18+");
  });
});

describe("birdConfig and the kernel", () => {
  it("sends private space nowhere at the core only, and announces none of it", () => {
    expect(section(config(core), "protocol static nowhere4")).toContain("10.0.0.0/8 unreachable");
    expect(section(config(core), "protocol static nowhere6")).toContain("fc00::/7 unreachable");
    expect(section(config(core), "filter to_hub4")).toContain(`proto = "nowhere4" then reject`);
    for (const router of [pop, gateway, ...agencies])
      expect(config(router)).not.toContain("nowhere4 {");
  });

  it("leaves the segments to the kernel and sends under the planned source", () => {
    expect(section(config(gateway), "filter to_kernel6")).toBe(`\
filter to_kernel6 {
  if net ~ [ fd5c:ad00:7031:3::/64, fd5c:ad00:7031:4::/64 ] then reject;
  if dest = RTD_UNICAST then krt_prefsrc = fd5c:ad00:7031:ff00::20;
  accept;
}`);
  });

  it("leads a service address to its server", () => {
    expect(config(gateway)).toContain("route 10.210.128.7/32 via 10.210.1.10;");
  });
});

describe("birdConfig as a text", () => {
  it("does not depend on the order of the plan", () => {
    const turned = {
      ...pop,
      originates: pop.originates.toReversed(),
      hubs: pop.hubs.map((hub) => ({ ...hub, peers: hub.peers.toReversed() })),
    };
    expect(config(turned)).toBe(config(pop));
  });

  it("keeps symbols that BIRD can hold", () => {
    const long = `access-${"sungai-tebelian-".repeat(4)}hulu`;
    const [uplink] = agencies[0]!.uplinks;
    const text = config({
      ...agencies[0]!,
      interfaces: agencies[0]!.interfaces.map((one) => ({ ...one, segment: long })),
      uplinks: [
        { ...uplink!, segment: long },
        { ...uplink!, segment: long, router: "pop-other" },
      ],
    });
    const names = [...text.matchAll(/^protocol bgp (\S+)/gm)].map((match) => match[1]!);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(56);
  });

  it("counts the receive limit from the neighbour that may announce most", () => {
    const [hub] = pop.hubs;
    const many = lists([
      agencyLan(1),
      agencyLan(2),
      prefixes("10.213.0.0/24", "fd5c:ad00:7031:9000::/64"),
    ]);
    const text = config({
      ...pop,
      hubs: [{ ...hub!, peers: [{ ...hub!.peers[0]!, mayAnnounce: many }, hub!.peers[1]!] }],
    });
    expect(text).toContain("receive limit 103 action block;");
  });
});

/** The block of the text that starts so, to its closing brace at the margin. */
function section(text: string, start: string): string {
  const from = text.indexOf(`${start} `);
  if (from < 0) throw new Error(`no "${start}" in the text`);
  return text.slice(from, text.indexOf("\n}", from) + 2);
}
