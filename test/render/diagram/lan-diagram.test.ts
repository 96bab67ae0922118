import { readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { diagramSvg } from "../../../modules/render/diagram/diagram-svg.ts";
import { lanDiagram } from "../../../modules/render/diagram/lan-diagram.ts";
import type { Picture } from "../../../modules/render/diagram/picture.ts";
import type { Subject } from "../../../modules/render/diagram/subject.ts";
import {
  HOSTILE,
  liveOf,
  overlaps,
  reversed,
  ROOT,
  subjectOf,
  wideSubject,
  withTitles,
  xmlFault,
} from "./drawing.ts";

const PICTURE = "docs/images/temanggung-lan.svg";

let subject: Subject;

beforeAll(async () => {
  subject = await subjectOf("temanggung");
});

describe("lanDiagram", () => {
  it("shows the LAN, its router, what is left for devices, the bandwidth and whom to ask", () => {
    const { lan, source } = routerOf(subject, "dinas-pendidikan");
    const agency = subject.inventory.perangkatDaerah.find(
      ({ name }) => name === "dinas-pendidikan",
    )!;
    const { dot } = drawn(subject, "dinas-pendidikan");
    for (const text of [
      lan!.ipv4.text,
      lan!.ipv6.text,
      `router: ${source.ipv4}`,
      `bandwidth: ${agency.bandwidth}`,
      agency.contacts.tier1[0]!.email,
    ])
      expect(dot).toContain(text);
  });

  it.each([
    ["dinas-pendidikan", "10.71.79.0/24", "10.71.79.2 to 10.71.79.254 (253)"],
    ["kecamatan-bulu", "10.71.178.64/26", "10.71.178.66 to 10.71.178.126 (61)"],
  ])("says which addresses of %s's %s its DHCP may give", (name, lan, devices) => {
    expect(routerOf(subject, name).lan!.ipv4.text).toBe(lan);
    expect(drawn(subject, name).dot).toContain(`devices: ${devices}`);
  });

  it("shows the whole way up, over every backbone segment and core router", async () => {
    const wide = await wideSubject();
    const { dot } = drawn(wide, "desa-parakan-bagusan");
    for (const id of ["router pop-parakan", "segment backbone-a", "segment backbone-b"])
      expect(dot).toContain(`"${id}" [`);
    const cores = wide.plan.routers.filter(({ tier }) => tier === "core");
    expect(cores).toHaveLength(4);
    for (const { name } of cores) expect(dot).toContain(`"router ${name}" -> "segment backbone-b"`);
    expect(lineOf(dot, '"segment backbone-b" -> "router pop-parakan"')).toContain("dashed");
    expect(lineOf(dot, '"segment backbone-a" -> "router pop-parakan"')).not.toContain("dashed");
  });

  it("says of each server who may reach it, and what it may use itself", () => {
    const { dot } = drawn(subject, "dinas-pendidikan");
    const server = lineOf(dot, '"vps ppdb-online" [');
    expect(server).toContain("open: TCP 22 (SSH), ping from Dinas Pendidikan");
    expect(server).toContain("open: TCP 443 (HTTPS) from anybody, also on the internet");
    expect(server).toContain("may use: TCP 53 (DNS), UDP 53 (DNS) to resolver1");
    expect(server).toContain("ppdb.dindikpora.temanggungkab.go.id");
  });

  it("says what the devices of an agency may reach, and nothing that they may not", () => {
    const reach = lineOf(drawn(subject, "bappeda").dot, '"reach" [');
    expect(reach).toContain("ppdb-online: TCP 443 (HTTPS)<");
    expect(reach).toContain("resolver1: TCP 53 (DNS), UDP 53 (DNS), ping");
    expect(reach).not.toContain("SSH");
    expect(reach).not.toContain("ns-primary");
  });

  it("does not depend on the order of plan, inventory or state", () => {
    const live = liveOf(subject);
    expect(drawn(reversed({ ...subject, live }), "dinas-pendidikan")).toEqual(
      drawn({ ...subject, live }, "dinas-pendidikan"),
    );
  });

  it("marks its router and its servers as they are", () => {
    const live = liveOf(subject, {
      containers: {
        "simpul-temanggung-router-dinas-pendidikan": "stopped",
        "simpul-temanggung-vps-ppdb-online": "stopped",
      },
      down: ({ lower }) => lower.endsWith("router-dinas-pendidikan"),
    });
    const { dot, description } = drawn({ ...subject, live }, "dinas-pendidikan");
    expect(lineOf(dot, '"router dinas-pendidikan" [')).toMatch(/✕.*stopped/);
    expect(lineOf(dot, '"vps ppdb-online" [')).toMatch(/✕.*stopped/);
    expect(lineOf(dot, '"segment access-parakan" -> "router dinas-pendidikan"')).toContain(
      "✕ down",
    );
    expect(lineOf(dot, '"vps dapodik-cermin" [')).toContain("●");
    expect(description).toContain("Its router: stopped.");
  });

  it("takes names from people as text, never as markup, however long", async () => {
    const hostile = withTitles(subject, HOSTILE);
    const svg = await diagramSvg(drawn({ ...hostile, live: liveOf(hostile) }, "dinas-pendidikan"));
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).not.toContain("<script");
    expect(overlaps(svg)).toEqual([]);
  });

  it(`is what stands in ${PICTURE}`, async () => {
    const committed = await readFile(path.join(ROOT, PICTURE), "utf8");
    const mend = `draw it again: npx simpul diagram lan dinas-pendidikan --no-live --out ${PICTURE}`;
    const svg = await diagramSvg(drawn(subject, "dinas-pendidikan"));
    expect(committed === svg, mend).toBe(true);
  });
});

function routerOf({ plan }: Subject, name: string): Subject["plan"]["routers"][number] {
  return plan.routers.find((router) => router.role === "router" && router.name === name)!;
}

function drawn(subject: Subject, name: string): Picture {
  return lanDiagram(subject, routerOf(subject, name));
}

function lineOf(dot: string, start: string): string {
  return dot.split("\n").find((line) => line.startsWith(`  ${start}`))!;
}
