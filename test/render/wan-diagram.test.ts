import { readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { diagramSvg } from "../../modules/render/diagram-svg.ts";
import { wanDiagram } from "../../modules/render/wan-diagram.ts";
import { prepare } from "../../stacks/prepare.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PICTURE = "docs/images/temanggung-wan.svg";

let plan: KabupatenPlan;

beforeAll(async () => {
  const inventory = path.join(ROOT, "inventory");
  const prepared = await prepare({ kabupaten: "temanggung", inventory });
  plan = prepared.plan!;
});

describe("wanDiagram", () => {
  it("shows every segment, router and server with its prefix or address", () => {
    const dot = wanDiagram(plan);
    for (const { name, prefix } of plan.segments.filter(({ kind }) => kind !== "tenant")) {
      expect(dot).toContain(name);
      expect(dot).toContain(`>${prefix.ipv6.text}<`);
    }
    for (const { lan } of plan.routers.filter(({ lan }) => lan !== undefined))
      expect(dot).toContain(`>${lan!.ipv4.text}<`);
    const { primary, secondaries, resolvers } = plan.dns;
    for (const { name, service } of [primary, ...secondaries, ...resolvers, ...plan.vps]) {
      expect(dot).toContain(`>${name}<`);
      expect(dot).toContain(`>${service.ipv4.text}<`);
    }
  });

  it("does not depend on the order of the plan", () => {
    const reversed = {
      ...plan,
      segments: plan.segments.toReversed(),
      routers: plan.routers.toReversed(),
      vps: plan.vps.toReversed(),
    };
    expect(wanDiagram(reversed)).toBe(wanDiagram(plan));
  });

  it("takes names from people as text, never as markup", async () => {
    const title = `</td>&amp; "x" \\N <script>`;
    const routers = plan.routers.map((router) => ({ ...router, title }));
    const svg = await diagramSvg(wanDiagram({ ...plan, title, routers }));
    expect(svg).not.toContain("<script>");
    expect(svg).toContain("&lt;/td&gt;&amp;amp; &quot;x&quot; \\N &lt;script&gt;");
  });

  it("draws twenty POPs side by side", async () => {
    const pops = plan.routers.filter(({ tier }) => tier === "pop");
    const more = Array.from({ length: 20 }, (_, index) => ({
      ...pops[index % pops.length]!,
      name: `pop-${index}`,
    }));
    const svg = await diagramSvg(wanDiagram({ ...plan, routers: [...plan.routers, ...more] }));
    const [, width, height] = /width="(\d+)pt" height="(\d+)pt"/.exec(svg)!;
    expect(Number(height) / Number(width)).toBeLessThan(2);
  });

  it(`is what stands in ${PICTURE}`, async () => {
    const committed = await readFile(path.join(ROOT, PICTURE), "utf8");
    const mend = `draw it again: npx simpul diagram wan --out ${PICTURE}`;
    expect(committed === (await diagramSvg(wanDiagram(plan))), mend).toBe(true);
  });
});
