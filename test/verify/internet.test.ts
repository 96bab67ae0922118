import { describe, expect, it } from "vitest";

import { parseExit } from "../../modules/verify/exit-observation.ts";
import { compareDefaults, compareExit } from "../../modules/verify/internet.ts";
import { parseRouter } from "../../modules/verify/router-observation.ts";
import { compareRouters, type SeenRouter } from "../../modules/verify/routers.ts";
import { kabupatenWithExit } from "../render/exit-fixture.ts";
import { recorded } from "./seen-routers.ts";

const { core, pop, exit } = kabupatenWithExit();

/** What a real exit said, its addresses those of the fixture. */
const LOOK = `== translation
table inet simpul {
	chain translation {
		type nat hook postrouting priority srcnat; policy accept;
		oifgroup 2 ip saddr 10.208.0.0/12 snat ip to 203.0.113.10
		oifgroup 2 ip6 saddr fd5c:ad00:7031::/48 snat ip6 to 2001:db8:7::2
	}
}
== classes1
class htb 1:10 parent 1:1 leaf 10: prio 1 rate 20Mbit ceil 20Mbit burst 64Kb cburst 64Kb 
class htb 1:1 root rate 100Mbit ceil 100Mbit burst 125000b cburst 125000b 
class htb 1:2 parent 1:1 leaf 2: prio 0 rate 1Mbit ceil 100Mbit burst 125000b cburst 125000b 
class htb 1:3 parent 1:1 leaf 3: prio 1 rate 10Mbit ceil 100Mbit burst 125000b cburst 125000b 
== classes2
class htb 1:10 parent 1:1 leaf 10: prio 1 rate 20Mbit ceil 20000Kbit burst 64Kb cburst 64Kb 
class htb 1:1 root rate 100Mbit ceil 100Mbit burst 125000b cburst 125000b 
class htb 1:2 parent 1:1 leaf 2: prio 0 rate 1Mbit ceil 100Mbit burst 125000b cburst 125000b 
class htb 1:3 parent 1:1 leaf 3: prio 1 rate 10Mbit ceil 100Mbit burst 125000b cburst 125000b 
== gateways
203.0.113.9
2001:db8:7::1
`;
const DEFAULTS = [
  "default via 10.210.0.30 dev eth1 proto bird src 10.209.0.1 metric 32",
  "default via fd5c:ad00:7031:3::1e dev eth1 proto bird src fd5c:ad00:7031:ff00::1 metric 32 pref medium",
];

describe("the exit compared with its plan", () => {
  it("has no findings as it was seen", () => {
    expect(found(LOOK)).toEqual([]);
  });

  it.each([
    ["exit-not-translating", / snat ip6 to \S+/, " accept", "does not translate to 2001:db8:7::2"],
    [
      "exit-not-shaping",
      /== classes2\nclass htb 1:10 .*\n/,
      "== classes2\n",
      "1 share of the line",
    ],
    ["exit-not-shaping", "ceil 20000Kbit", "ceil 30Mbit", "as planned: dinas-1"],
    ["exit-not-shaping", /== classes1[^=]*/, "== classes1\n", "3 shares of the line"],
    ["provider-silent", "203.0.113.9\n", "", "the provider's 203.0.113.9 does not answer"],
  ])("says %s", (id, from, to, words) => {
    expect(LOOK).not.toBe(LOOK.replace(from, to));
    expect(found(LOOK.replace(from, to))).toEqual([`${id}: ${words}`].map((text) => part(text)));
  });

  it("says that private packets came as far as its last look", () => {
    expect(found(LOOK, 3)).toEqual([part("private-packets-at-exit: 3 packets would have left")]);
  });
});

describe("default routes compared with the plan", () => {
  it("are there once in each family, and none is strange", () => {
    const routers = [seen(DEFAULTS)];
    expect(compareDefaults(routers)).toEqual({ findings: [], planned: 2, present: 2 });
    expect(strange(routers)).toEqual([]);
  });

  it.each([
    ["none in IPv6", DEFAULTS.slice(0, 1), "core-pusat-data (0 in IPv6)"],
    ["two in IPv4", [...DEFAULTS, DEFAULTS[0]!], "core-pusat-data (2 in IPv4)"],
  ])("are a finding with %s", (_, lines, words) => {
    const { findings, present } = compareDefaults([seen(lines)]);
    expect([present, findings.map(({ what }) => what)]).toEqual([1, [part(words)]]);
  });

  it("are strange where BIRD did not set them, and everywhere without a way to the internet", () => {
    const engines = "default via 10.210.0.253 dev eth1";
    expect(strange([seen([...DEFAULTS, engines])])).toEqual([
      part(`the first one's is "${engines}"`),
    ]);
    const inside = seen(DEFAULTS);
    const without = { ...inside, router: { ...inside.router, internet: [] } };
    expect(strange([without])).toHaveLength(1);
    expect(compareDefaults([without]).planned).toBe(0);
  });

  it("are not asked of a router that does not run", () => {
    expect(compareDefaults([{ router: pop, container: pop.name }]).planned).toBe(0);
  });
});

function found(look: string, stopped = 0): readonly string[] {
  const general = parseRouter(recorded("core-pusat-data"));
  const one = {
    router: exit,
    container: exit.name,
    seen: { ...general, dropped: new Map([["leak_stopped", stopped]]) },
  };
  return compareExit(one, parseExit(look)).map(({ id, what }) => `${id}: ${what}`);
}

function seen(defaultRoutes: readonly string[]): SeenRouter {
  const observation = parseRouter(recorded(core.name));
  return { router: core, container: core.name, seen: { ...observation, defaultRoutes } };
}

function strange(routers: readonly SeenRouter[]): readonly string[] {
  const context = { plan: { routers: [core] }, containers: new Map(), placeOf: () => undefined };
  return compareRouters(routers, context)
    .filter(({ id }) => id === "default-route-present")
    .map(({ what }) => what);
}

function part(text: string): string {
  const [id, words] = text.includes(": ") ? text.split(": ") : ["", text];
  return expect.stringMatching(
    new RegExp(`^${id}.*${words!.replaceAll(/[.()]/g, String.raw`\$&`)}`),
  ) as string;
}
