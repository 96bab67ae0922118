import path from "node:path";
import { describe, expect, it } from "vitest";

import { commentText } from "../../modules/render/comment-text.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { routerosScript } from "../../modules/render/routeros.ts";
import { device, HOSTILE_TITLES } from "./device-fixture.ts";
import { kabupatenWithExit } from "./exit-fixture.ts";
import { kabupaten } from "./router-fixture.ts";
import { meaning, parseRouteros, type RouterosCommand } from "./routeros-grammar.ts";

const GOLDEN = path.join(import.meta.dirname, "../golden-routeros");

const { core, pop, gateway, agencies } = kabupaten(2);
const ROUTERS: readonly (readonly [string, RouterPlan])[] = [
  ["agency", agencies[0]!],
  ["pop", pop],
  ["core", core],
  ["gateway", gateway],
  ["agency-with-internet", kabupatenWithExit().agencies[0]!],
];
const script = (router: RouterPlan): string => routerosScript(device(router, "routeros"));
const commands = (router: RouterPlan): readonly RouterosCommand[] => parseRouteros(script(router));

describe("routerosScript", () => {
  it.each(ROUTERS)("is, for the %s, what stands in golden-routeros", async (name, router) => {
    await expect(script(router)).toMatchFileSnapshot(path.join(GOLDEN, `${name}.rsc`));
  });

  it.each(ROUTERS)("has, for the %s, only lines that its menus take", (_, router) => {
    expect(commands(router).length).toBeGreaterThan(40);
  });

  it.each(ROUTERS)(
    "names, for the %s, no list, chain or interface that it does not make",
    (_, router) => {
      const all = commands(router);
      const made = (menu: RegExp, key: string): ReadonlySet<string> =>
        new Set(
          all.filter((one) => menu.test(one.menu)).flatMap((one) => one.properties[key] ?? []),
        );
      for (const ip of ["/ip", "/ipv6"]) {
        const lists = made(new RegExp(`^${ip}/firewall/address-list$`), "list");
        const chains = made(new RegExp(`^${ip}/firewall/filter$`), "chain");
        for (const { menu, properties } of all.filter(
          (one) => one.menu === `${ip}/firewall/filter`,
        )) {
          for (const key of ["src-address-list", "dst-address-list"])
            if (properties[key]) expect(lists, menu).toContain(properties[key].replace("!", ""));
          const target = properties["jump-target"];
          if (target) expect(chains).toContain(target);
        }
      }
      const filters = made(/^\/routing\/filter\/rule$/, "chain");
      expect(filters.size).toBeGreaterThan(1);
      const interfaces = new Set(["ether1", "ether2", ...made(/^\/interface\/bridge$/, "name")]);
      for (const { properties } of all) {
        for (const key of ["input.filter", "output.filter-chain"])
          if (properties[key]) expect(filters).toContain(properties[key]);
        for (const key of ["interface", "in-interface", "interfaces", "bridge"])
          if (properties[key]) expect(interfaces).toContain(properties[key]);
      }
    },
  );

  it("announces exactly what the plan lets the POP believe", () => {
    const rules = commands(agencies[0]!)
      .filter(({ properties }) => properties["chain"] === "to-uplink4")
      .map(({ properties }) => properties["rule"]);
    const [peer] = pop.hubs[0]!.peers;
    expect(rules).toEqual([
      ...peer!.mayAnnounce.ipv4.map(({ text }) => `"if (dst == ${text}) { accept }"`),
      '"reject"',
    ]);
  });

  it("ends every chain with a refusal, in routing and in packets", () => {
    for (const [, router] of ROUTERS) {
      const all = commands(router);
      for (const chain of ["input", "forward"])
        for (const menu of ["/ip/firewall/filter", "/ipv6/firewall/filter"]) {
          const own = all.filter((one) => one.menu === menu && one.properties["chain"] === chain);
          expect(own.at(-1)!.properties).toMatchObject({ action: "drop" });
        }
      const filters = all.filter(({ menu }) => menu === "/routing/filter/rule");
      for (const name of new Set(filters.map(({ properties }) => properties["chain"]!)))
        if (!name.startsWith("to-hub"))
          expect(
            filters.findLast(({ properties }) => properties["chain"] === name)!.properties["rule"],
          ).toBe('"reject"');
    }
  });

  it.each(HOSTILE_TITLES)("takes a title as data: %j", (title) => {
    const usual = script(agencies[0]!);
    const hostile = script({ ...agencies[0]!, title });
    expect(hostile.split("\n")).toHaveLength(usual.split("\n").length);
    const comment = parseRouteros(hostile).find(
      ({ properties }) => properties["name"] === "loopback",
    )!;
    expect(meaning(comment.properties["comment"]!)).toBe(commentText(title));
  });

  it("joins the ports of a LAN to one bridge", () => {
    const text = routerosScript(device(agencies[0]!, "routeros", { lan: ["ether3", "ether4"] }));
    expect(text).toContain("add bridge=lan interface=ether3\nadd bridge=lan interface=ether4\n");
  });
});
