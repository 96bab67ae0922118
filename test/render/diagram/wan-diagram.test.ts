import { readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { diagramSvg } from "../../../modules/render/diagram/diagram-svg.ts";
import type { Subject } from "../../../modules/render/diagram/subject.ts";
import { wanDiagram } from "../../../modules/render/diagram/wan-diagram.ts";
import {
  HOSTILE,
  liveOf,
  overlaps,
  reversed,
  ROOT,
  subjectOf,
  withTitles,
  xmlFault,
} from "./drawing.ts";

const PICTURE = "docs/images/temanggung-wan.svg";

let subject: Subject;

beforeAll(async () => {
  subject = await subjectOf("temanggung");
});

describe("wanDiagram", () => {
  it("shows every segment, router and server with its prefix or address", () => {
    const { plan } = subject;
    const { dot } = wanDiagram(subject);
    for (const { name, prefix } of plan.segments) {
      expect(dot).toContain(name);
      expect(dot).toContain(prefix.ipv4.text);
    }
    for (const { name, role, lan } of plan.routers) {
      expect(dot).toContain(`"${role} ${name}" [`);
      if (lan !== undefined) expect(dot).toContain(`>${lan.ipv4.text}<`);
    }
    const { primary, secondaries, resolvers } = plan.dns;
    for (const { name, service } of [primary, ...secondaries, ...resolvers, ...plan.vps]) {
      expect(dot).toContain(`>${name}<`);
      expect(dot).toContain(`>${service.ipv4.text}<`);
    }
  });

  it("does not depend on the order of plan, inventory or state", () => {
    const live = liveOf(subject);
    expect(wanDiagram(reversed({ ...subject, live }))).toEqual(wanDiagram({ ...subject, live }));
  });

  it("has its text readable on a screen 1600 pixels wide and on a sheet of A3", async () => {
    const svg = await diagramSvg(wanDiagram({ ...subject, live: liveOf(subject) }));
    const [, width, height] = /width="(\d+)pt" height="(\d+)pt"/.exec(svg)!.map(Number);
    expect(subject.plan.routers.length).toBeGreaterThanOrEqual(75);
    // Main text has 11 points: 9 pixels of 1600, and 6 points on the 1191 by 842 points of A3.
    expect((1600 / width!) * 11).toBeGreaterThanOrEqual(9);
    expect(Math.min(1191 / width!, 842 / height!) * 11).toBeGreaterThanOrEqual(6);
  });

  it.each([1, 40, 160])("lays nothing over another: %i more agencies", async (more) => {
    const [agency] = subject.plan.routers.filter(({ tier }) => tier === "perangkat-daerah");
    const added = Array.from({ length: more }, (_, index) => ({
      ...agency!,
      name: `agency-${index}`,
      title: `Dinas ${"Pekerjaan Umum ".repeat(index % 7)}${index}`,
    }));
    const plan = { ...subject.plan, routers: [...subject.plan.routers, ...added] };
    const svg = await diagramSvg(wanDiagram({ ...subject, plan }));
    expect(overlaps(svg)).toEqual([]);
  });

  it("takes names from people as text, never as markup, however long", async () => {
    const hostile = withTitles(subject, HOSTILE);
    const svg = await diagramSvg(wanDiagram({ ...hostile, live: liveOf(hostile) }));
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).not.toContain("<script");
    expect(svg).toMatch(/<text[^>]*>&lt;\/td&gt;&amp;amp; &quot;x&quot; \\N \]\]&gt;<\/text>/);
    expect(overlaps(svg)).toEqual([]);
  });

  it(`is what stands in ${PICTURE}`, async () => {
    const committed = await readFile(path.join(ROOT, PICTURE), "utf8");
    const mend = `draw it again: npx simpul diagram wan --no-live --out ${PICTURE}`;
    expect(committed === (await diagramSvg(wanDiagram(subject))), mend).toBe(true);
  });
});

describe("wanDiagram with live state", () => {
  it("says nothing of state where none is known", () => {
    const { dot, description } = wanDiagram(subject);
    expect(dot).not.toMatch(/[●▲✕○]/);
    expect(description).toContain("without live state");
  });

  it("marks what is stopped, absent or silent, in words too", () => {
    const live = liveOf(subject, {
      containers: {
        "simpul-temanggung-router-pop-kedu": "stopped",
        "simpul-temanggung-router-rsud": "absent",
        "simpul-temanggung-router-pop-bulu": "silent",
        "simpul-temanggung-vps-ppdb-online": "absent",
      },
    });
    const { dot, description } = wanDiagram({ ...subject, live });
    expect(nodeOf(dot, "router pop-kedu")).toMatch(/✕.*stopped/);
    expect(nodeOf(dot, "router rsud")).toMatch(/✕.*absent from the engine/);
    expect(nodeOf(dot, "router pop-bulu")).toMatch(/✕.*BIRD does not answer/);
    expect(nodeOf(dot, "vps ppdb-online")).toMatch(/✕.*absent from the engine/);
    expect(nodeOf(dot, "router pop-parakan")).toContain("●");
    expect(description).toContain("POP Kedu: stopped");
  });

  it("tells a session that is down in one family from one that is down in both", () => {
    const live = liveOf(subject, {
      down: ({ lower, family }) =>
        lower.endsWith("-router-rsud") || (lower.endsWith("-dinas-sosial") && family === 6),
    });
    const { dot } = wanDiagram({ ...subject, live });
    expect(nodeOf(dot, "router rsud")).toMatch(/✕.*no session up/);
    expect(nodeOf(dot, "router dinas-sosial")).toMatch(/▲.*IPv6 to POP/);
    expect(edgesTo(dot, "router rsud").join()).toContain("✕");
    expect(edgesTo(dot, "router dinas-sosial").join()).toContain("▲");
    expect(edgesTo(dot, "router dinas-kesehatan").join()).not.toMatch(/[▲✕]/);
  });

  it("holds a session against who stands still, and not against those who call it", () => {
    const live = liveOf(subject, {
      containers: { "simpul-temanggung-router-core-drc": "stopped" },
      down: ({ lower, upper }) => [lower, upper].some((end) => end.endsWith("-router-core-drc")),
    });
    const { dot, description } = wanDiagram({ ...subject, live });
    expect(nodeOf(dot, "router core-drc")).toMatch(/✕.*stopped/);
    expect(nodeOf(dot, "router pop-parakan")).toContain("●");
    expect(description).toMatch(
      /: Core router of drc: stopped(?:; Gateway of [^;]+ at the DRC: no session up)+\.$/,
    );
  });

  it("marks the line to the one backbone segment on which a POP is cut off", () => {
    const live = liveOf(subject, {
      down: ({ lower, segment }) => lower.endsWith("-pop-kedu") && segment === "backbone-b",
    });
    const { dot } = wanDiagram({ ...subject, live });
    expect(nodeOf(dot, "router pop-kedu")).toMatch(/▲.*6 of 12 sessions down/);
    const [first, second] = edgesTo(dot, "router pop-kedu").toSorted();
    expect(first).toMatch(/on backbone-a" -- [^✕▲]*$/);
    expect(second).toMatch(/on backbone-b" -- .*✕/);
  });

  it("judges an external router by its sessions, for it is no container", () => {
    const routers = subject.plan.routers.map((router) =>
      router.name === "rsud" ? { ...router, kind: "external" as const } : router,
    );
    const external = { ...subject, plan: { ...subject.plan, routers } };
    const up = wanDiagram({ ...external, live: liveOf(external) });
    expect(nodeOf(up.dot, "router rsud")).toMatch(/●.*external router/);
    const live = liveOf(external, { down: ({ lower }) => lower.endsWith("-router-rsud") });
    expect(nodeOf(wanDiagram({ ...external, live }).dot, "router rsud")).toMatch(/✕.*no session/);
  });
});

function nodeOf(dot: string, id: string): string {
  return dot.split("\n").find((line) => line.startsWith(`  "${id}" [`))!;
}

function edgesTo(dot: string, id: string): readonly string[] {
  return dot.split("\n").filter((line) => line.includes(` -- "${id}" [`));
}
