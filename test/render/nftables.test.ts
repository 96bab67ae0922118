import { describe, expect, it } from "vitest";

import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { nftablesRuleset } from "../../modules/render/nftables.ts";
import { BLOCK, kabupaten, lists, prefixes, withDrc } from "./router-fixture.ts";

const { core, pop, gateway, agencies } = kabupaten(2);
const ruleset = (router: RouterPlan): string => nftablesRuleset(router, BLOCK);

describe("nftablesRuleset", () => {
  it("replaces itself in one transaction", () => {
    expect(ruleset(pop)).toContain(
      "table inet simpul\ndelete table inet simpul\ntable inet simpul {",
    );
  });

  it("lets in BGP and BFD of planned neighbours only", () => {
    expect(block(ruleset(agencies[0]!), "set neighbours4")).toContain("10.208.16.1\n");
    expect(block(ruleset(pop), "set neighbours6")).toMatch(
      /fd5c:ad00:7031:1::1,\s+fd5c:ad00:7031:2::a,\s+fd5c:ad00:7031:2::b\n/,
    );
    expect(block(ruleset(pop), "chain input")).toContain("policy drop;");
  });

  it("lets a hub's neighbours send from their own prefixes only (BCP 38)", () => {
    expect(block(ruleset(pop), "set sources4_access_parakan")).toMatch(
      /10\.209\.1\.11\/32,\s+10\.209\.1\.12\/32,\s+10\.212\.1\.0\/24,\s+10\.212\.2\.0\/24\n/,
    );
    expect(block(ruleset(pop), "chain from_access_parakan")).toContain(
      "ip saddr != @sources4_access_parakan counter name source_refused drop",
    );
  });

  it("takes nothing from the core that claims to be this router's own", () => {
    expect(block(ruleset(agencies[0]!), "chain from_access_parakan")).toContain(
      "ip saddr @sources4_access_parakan counter name source_refused drop",
    );
    expect(block(ruleset(agencies[0]!), "set sources4_access_parakan")).toContain("10.212.1.0/24");
  });

  it("takes from a backbone what is below and behind other cores, and its own site's while the way back leads there", () => {
    const text = ruleset(withDrc(core));
    expect(block(text, "set sources4_backbone_a")).toContain("10.212.0.0/18");
    const passedOn = block(text, "set beside4_backbone_a");
    expect(passedOn).toContain("10.209.0.2/32");
    expect(passedOn).not.toContain("10.212.0.0/18");
    // The tenant's gateway is this core's own neighbour.
    const [service] = gateway.originates.filter(({ via }) => via === "server");
    expect(passedOn).not.toContain(service!.prefix.ipv4.text);
    expect(block(text, "set near4_backbone_a")).toContain(service!.prefix.ipv4.text);
    const lines = block(text, "chain from_backbone_a")
      .split("\n")
      .map((line) => line.trim());
    expect(lines.slice(3, -1)).toEqual([
      "ip saddr @sources4_backbone_a goto verdict",
      "ip saddr @beside4_backbone_a goto verdict",
      "ip saddr @near4_backbone_a fib saddr . iif oif exists goto verdict",
      "ip6 saddr @sources6_backbone_a goto verdict",
      "ip6 saddr @beside6_backbone_a goto verdict",
      "ip6 saddr @near6_backbone_a fib saddr . iif oif exists goto verdict",
      "counter name source_refused drop",
    ]);
    expect(block(text, "set neighbours4")).toContain("10.208.0.2");
    expect(block(text, "chain from_pusat_data")).not.toContain("fib");
  });

  it("knows segments by number, and forwards nothing from one it does not know", () => {
    expect(block(ruleset(pop), "chain forward")).toMatch(
      /vmap \{ 1 : goto from_backbone_a, 2 : goto from_access_parakan \}\n\s+counter name unknown_segment drop\n/,
    );
  });

  it("forwards only inside the kabupaten's block", () => {
    const chain = block(ruleset(core), "chain forward");
    expect(chain).toContain("ip saddr != 10.208.0.0/12 counter name source_refused drop");
    expect(chain).toContain(
      "ip6 daddr != fd5c:ad00:7031::/48 counter name destination_refused drop",
    );
  });

  it("tracks no forwarded connection on an open router, every one on a gateway", () => {
    expect(ruleset(pop)).toContain("notrack");
    expect(ruleset(gateway)).not.toContain("notrack");
  });
});

describe("nftablesRuleset of a gateway", () => {
  const verdict = block(ruleset(gateway), "chain verdict");

  it("forwards answers and openings, and counts the rest", () => {
    const lines = verdict.split("\n").map((line) => line.trim());
    expect(lines[1]).toBe("ct state established,related accept");
    expect(lines.at(-2)).toBe("counter name denied drop");
    expect(lines).toContain(
      'ip saddr { 10.212.1.0/24 } ip daddr { 10.210.128.7/32 } tcp dport 22 counter accept comment "ssh-from-owner"',
    );
    expect(lines).toContain(
      'ip6 saddr { fd5c:ad00:7031:8001::/64 } ip6 daddr { fd5c:ad00:7031:5::7/128 } icmpv6 type echo-request counter accept comment "ping-from-owner"',
    );
  });

  it("opens to nobody when the list of sources is empty, to all when there is none", () => {
    expect(verdict).not.toContain("publish-nobody");
    expect(verdict).toContain(
      "meta nfproto ipv6 ip6 daddr { fd5c:ad00:7031:5::7/128 } tcp dport 8443",
    );
  });

  it("merges sources that lie inside others", () => {
    const nested = lists([
      prefixes("10.212.1.0/24", "fd5c:ad00:7031:8001::/64"),
      prefixes("10.212.0.0/18", "fd5c:ad00:7031:8000::/54"),
    ]);
    const text = ruleset({
      ...gateway,
      firewall: {
        ...gateway.firewall,
        openings: [{ name: "x", from: nested, protocol: "icmp" }],
      },
    });
    expect(text).toContain("ip saddr { 10.212.0.0/18 } icmp type echo-request");
  });

  it("takes from the tenant's segment only the segment's and its servers' addresses", () => {
    expect(block(ruleset(gateway), "set sources4_dinas_kesehatan")).toMatch(
      /10\.210\.1\.0\/24,\s+10\.210\.128\.7\/32\n/,
    );
  });
});

function block(text: string, start: string): string {
  const from = text.indexOf(`  ${start} `);
  if (from < 0) throw new Error(`no "${start}" in the text`);
  return text.slice(from, text.indexOf("\n  }", from) + 4);
}
