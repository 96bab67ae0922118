import { describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { birdConfig } from "../../modules/render/bird.ts";
import { bundle } from "../../modules/render/config-file.ts";
import { nftablesRuleset } from "../../modules/render/nftables.ts";
import { routerAddresses } from "../../modules/render/router-addresses.ts";
import { routerFiles } from "../../modules/render/router-files.ts";
import { routerShaping } from "../../modules/render/router-shaping.ts";
import { kabupatenWithExit } from "./exit-fixture.ts";
import { judge } from "./router-carrier.ts";
import { BLOCK, kabupaten } from "./router-fixture.ts";

const online = kabupatenWithExit();
const { core, pop, gateway, agencies, exit } = online;
const offline = kabupaten(2);
const bird = (router: RouterPlan): string => birdConfig(router, BLOCK);
const nft = (router: RouterPlan): string => nftablesRuleset(router, BLOCK);

describe("the default route", () => {
  it("begins at the exit, while the provider's next hop is on a port that is up", () => {
    expect(bird(exit)).toContain(`\
protocol static internet4 {
  ipv4;
  check link;
  route 0.0.0.0/0 via 203.0.113.9;
}`);
    expect(bird(exit)).toContain("route ::/0 via 2001:db8:7::1;");
    expect(block(bird(exit), "filter to_uplink6")).toContain('proto = "internet6" then accept');
  });

  it("is believed by the core from the exit alone, as nothing else is from it", () => {
    const cases = block(bird(core), "filter from_hub4_pusat_data");
    expect(cases).toContain(
      "10.210.0.30 : if bgp_path.first = 4200004000 && net ~ [ 0.0.0.0/0 ] then accept;",
    );
    expect(cases.match(/0\.0\.0\.0\/0/g)).toHaveLength(1);
    expect(block(bird(core), "filter from_hub4_backbone_a")).not.toContain("0.0.0.0/0");
  });

  it.each([
    ["a POP", pop],
    ["an agency", agencies[0]!],
    ["a tenant's gateway", gateway],
  ])("is believed by %s from above, never by the exit itself", (_, router) => {
    expect(block(bird(router), "filter from_uplink4")).toContain("[ 10.208.0.0/12+, 0.0.0.0/0 ]");
    expect(block(bird(router), "filter from_uplink6")).toContain("::/0 ]");
    expect(block(bird(exit), "filter from_uplink4")).not.toContain("0.0.0.0/0");
  });

  it("is known to no router where nothing leads to the internet", () => {
    for (const router of [offline.core, offline.pop, offline.gateway, ...offline.agencies])
      expect(bird(router)).not.toMatch(/0\.0\.0\.0\/0|[ [(]::\/0/);
  });

  it("leaves out the family that the provider does not have", () => {
    const { ipv6: _, ...ipv4Only } = exit.exit!;
    const text = bird({ ...exit, internet: ["ipv4"], exit: ipv4Only });
    expect(text).toContain("internet4");
    expect(text).not.toContain("internet6 {");
    expect(nft({ ...exit, exit: ipv4Only })).not.toContain("snat ip6");
  });
});

describe("the packet filter of a router behind the exit", () => {
  it("wants one end in the block and the other there or on the internet", () => {
    const forward = block(nft(pop), "  chain forward");
    expect(forward).toContain(
      "ip saddr != 10.208.0.0/12 ip daddr != 10.208.0.0/12 counter name source_refused drop",
    );
    expect(forward).toContain(
      "ip daddr != 10.208.0.0/12 ip daddr @special4 counter name destination_refused drop",
    );
    expect(block(nft(pop), "  set special6")).toContain("::/3,");
  });

  it("takes answers from the internet on the exit's segment, and from no agency", () => {
    expect(block(nft(core), "  chain from_pusat_data")).toContain(
      "ip saddr != @sources4_pusat_data ip saddr @special4 counter name source_refused drop",
    );
    expect(block(nft(pop), "  chain from_access_parakan")).toContain(
      "ip saddr != @sources4_access_parakan counter name source_refused drop",
    );
  });

  it("stays closed on a tenant's gateway", () => {
    expect(block(nft(gateway), "  chain forward")).toContain(
      "ip daddr != 10.208.0.0/12 counter name destination_refused drop",
    );
  });
});

describe("the packet filter of the exit", () => {
  const text = nft(exit);

  it("lets out the agencies that may, after everything that is refused", () => {
    expect(lines(block(text, "  chain leaving"))).toEqual([
      "oifgroup != 2 counter name denied drop",
      "ip saddr != 10.208.0.0/12 counter name source_refused drop",
      "ip6 saddr != fd5c:ad00:7031::/48 counter name source_refused drop",
      "ip daddr @special4 counter name destination_refused drop",
      "ip6 daddr @special6 counter name destination_refused drop",
      "ct state established,related accept",
      "ct state invalid counter name denied drop",
      `tcp dport 25 counter name port_denied reject with tcp reset comment "mail 'by' the server"`,
      `tcp dport 135-139 counter name port_denied reject with tcp reset comment "${"x".repeat(119)}"`,
      `udp dport 135-139 counter name port_denied reject with icmpx admin-prohibited comment "${"x".repeat(119)}"`,
      "ip saddr @clients4 accept",
      "ip6 saddr @clients6 accept",
      "counter name denied reject with icmpx admin-prohibited",
    ]);
    expect(block(text, "  set clients4")).toContain("10.212.1.0/24");
    expect(block(text, "  set clients4")).not.toContain("10.212.2.0/24");
  });

  it("lets in answers only, from addresses that are on the internet", () => {
    expect(lines(block(text, "  chain answers"))).toEqual([
      "oifgroup 2 counter name denied drop",
      "ip saddr @special4 counter name source_refused drop",
      "ip6 saddr @special6 counter name source_refused drop",
      "ip daddr != 10.208.0.0/12 counter name destination_refused drop",
      "ip6 daddr != fd5c:ad00:7031::/48 counter name destination_refused drop",
      "ct state established,related accept",
      "counter name denied drop",
    ]);
  });

  it("translates, and lets nothing pass after that which has another source", () => {
    expect(block(text, "  chain translation")).toContain(
      "oifgroup 2 ip6 saddr fd5c:ad00:7031::/48 snat ip6 to 2001:db8:7::2",
    );
    expect(lines(block(text, "  chain guard")).at(-1)).toBe("counter name leak_stopped drop");
  });

  it("tracks connections", () => {
    expect(text).not.toContain("notrack");
  });

  it("gives an agency's packets its class in both directions, by one number in both programs", () => {
    expect(block(text, "  map classes4")).toContain("10.212.1.0/24 : 1:10");
    expect(routerShaping(exit)).toBe(`\
# internet-exit
on 1
on 2
class 1 0 100000000 100000000 125000 60000 0 0
class 2 1 1000000 100000000 125000 3000 1250000 0
class 3 1 10000000 100000000 125000 3000 1250000 1
class 10 1 20000000 20000000 65536 3000 262144 1
`);
    expect(routerShaping(pop)).toBe("# pop-parakan shapes nothing\n");
  });

  it("knows the provider's segment by the number after its own", () => {
    expect(routerAddresses(exit)).toMatch(
      /segment 1 10\.210\.0\.30 pusat-data\nsegment 2 203\.0\.113\.10 internet\n$/,
    );
  });
});

describe("the carrier", () => {
  const files = routerFiles([core, pop, gateway, ...agencies, exit], BLOCK);
  const text = bundle(files);

  it("finds every router right with bird -p, nft -c and the kernel's own shaping", () => {
    const twice = "nft -f /etc/simpul/internet-exit/nftables.conf";
    expect(judge("router", text, `${twice} && ${twice}`)).toEqual({
      exitCode: 0,
      said: "carrier: 6 routers: 6 new, 0 texts changed, 0 removed\n",
    });
  });

  it.each([
    [
      "a parent that is not there",
      "|class 10 1 ",
      "|class 10 7 ",
      /shaping: no class 7 before: class 10/,
    ],
    ["what the kernel does not take", " 262144 1\n", " 99999999999 1\n", /shaping: .*limit/],
    ["a line of another form", "|on 1", "|on eth0", /shaping: not a shaping line: on eth0/],
    ["a second program", "|on 1", "|on 1; reboot", /shaping: not a shaping line/],
    ["a rate of nothing", "|class 10 1 20000000 ", "|class 10 1 0 ", /not a shaping line/],
  ])("refuses %s", (_, from, to, message) => {
    expect(text).toContain(from);
    const { exitCode, said } = judge("router", text.replace(from, to));
    expect(said).toMatch(message);
    expect(exitCode).toBe(1);
  });

  it("shapes one device again and again: classes change where they stand, and what is not named goes", () => {
    const file = "/etc/simpul/internet-exit/shaping";
    const script = [
      "source /usr/local/lib/simpul/shaping.sh",
      `shape lo ${file}`,
      `sed -i -e 's/^class 10 1 20000000 20000000/class 10 1 30000000 30000000/' -e '/^class 3 /d' ${file}`,
      `shape lo ${file}`,
      "tc class show dev lo | sort | sed 's/ burst.*//'",
    ].join(" && ");
    expect(judge("router", text, script).said.split("\n").slice(1)).toEqual([
      "class htb 1:1 root rate 100Mbit ceil 100Mbit",
      "class htb 1:10 parent 1:1 leaf 10: prio 1 rate 30Mbit ceil 30Mbit",
      "class htb 1:2 parent 1:1 leaf 2: prio 0 rate 1Mbit ceil 100Mbit",
      "",
    ]);
  });
});

function block(text: string, start: string): string {
  const from = text.indexOf(`${start} `);
  if (from < 0) throw new Error(`no "${start}" in the text`);
  const end = start.startsWith("  ") ? "\n  }" : "\n}";
  return text.slice(from, text.indexOf(end, from) + end.length);
}

/** The rules of a chain, without its head and end. */
function lines(text: string): readonly string[] {
  return text
    .split("\n")
    .slice(1, -1)
    .map((line) => line.trim());
}

describe("strangers at the exit", () => {
  const edge = { ipv4: address("10.210.129.40"), ipv6: address("fd5c:ad00:7031:5::40") };
  const inbound = { to: edge, ports: [80, 443] };
  const open: RouterPlan = { ...exit, exit: { ...exit.exit!, inbound } };

  it("are led to the edge from the web's ports of the outer address, and let in nowhere else", () => {
    expect(block(nft(open), "chain inbound")).toContain(
      "ip daddr 203.0.113.10 tcp dport { 80, 443 } dnat ip to 10.210.129.40",
    );
    expect(block(nft(open), "chain answers")).toContain(
      "ct status dnat ip6 daddr fd5c:ad00:7031:5::40 tcp dport { 80, 443 } ct state new",
    );
  });

  it("find nothing where nothing is published to them", () => {
    expect(nft(exit)).not.toMatch(/dnat/);
  });

  it("come by rules that nft takes, with one family or two", { timeout: 60_000 }, () => {
    const { ipv6: _, ...ipv4Only } = open.exit!;
    for (const router of [open, { ...open, exit: ipv4Only }]) {
      const { exitCode, said } = judge("router", bundle(routerFiles([router], BLOCK)));
      expect(exitCode, said).toBe(0);
    }
  });
});

function address(text: string): Address {
  const parsed = Address.parse(text);
  if (!(parsed instanceof Address)) throw new Error(parsed.what);
  return parsed;
}
