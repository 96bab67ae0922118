import { readFile } from "node:fs/promises";
import path from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { diagramSvg } from "../../../modules/render/diagram/diagram-svg.ts";
import { dnsDiagram } from "../../../modules/render/diagram/dns-diagram.ts";
import type { Subject } from "../../../modules/render/diagram/subject.ts";
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

/** Of `uji`, whose keys stand in the repository: those of others are made by the first deploy on each machine. */
const PICTURE = "docs/images/uji-dns.svg";

let subject: Subject;
let uji: Subject;

beforeAll(async () => {
  subject = await subjectOf("temanggung");
  uji = await subjectOf("uji");
});

describe("dnsDiagram", () => {
  it("counts the records of every zone by type", () => {
    const { dot } = dnsDiagram(subject);
    for (const { name, records } of subject.plan.dns.zones) {
      const servers = records.filter(({ type }) => type === "NS").length;
      expect(dot).toMatch(new RegExp(`>${name.replace(/\.$/, "")}: [^<]*${servers} NS`));
    }
    const total = subject.plan.dns.zones.flatMap(({ records }) => records).length;
    expect(dot).toContain(`${subject.plan.dns.zones.length} zones, ${total} records`);
  });

  it("leads from who asks to who is asked, and nobody but secondaries to the primary", () => {
    const { dot } = dnsDiagram(subject);
    const edges = Array.from(
      dot.matchAll(/^ {2}"([^"]+)" -> "([^"]+)"/gm),
      ([, a, b]) => `${a} > ${b}`,
    );
    expect(edges).toEqual(
      expect.arrayContaining([
        "LANs > resolver1",
        "resolver1 > ns1",
        "internet > ns1",
        "parent > ns1",
      ]),
    );
    expect(edges.filter((edge) => edge.endsWith("> ns-primary"))).toEqual([
      "ns1 > ns-primary",
      "ns2 > ns-primary",
    ]);
  });

  it("shows what the parent zone needs, and each zone's key, from the inventory", () => {
    // The fixture has none: they name keys of the one machine that made them.
    const anchor = "51426 13 2 406b588da3cd630af44ffd2088b00e0eda8bc85d409fb84d9841507e97587306";
    const at = { file: "dns/trust-anchors.yaml", line: 1, column: 1 };
    const trustAnchors = { entries: new Map([["ds/ujikab.go.id", { value: anchor, at }]]) };
    const { dot } = dnsDiagram({ ...uji, inventory: { ...uji.inventory, trustAnchors } });
    const [tag] = anchor.split(" ");
    expect(dot).toContain("NS ns1.ujikab.go.id.");
    expect(dot).toContain(`key ${tag}`);
    for (const word of anchor.split(" ").slice(0, 3)) expect(dot).toContain(word);
    expect(dnsDiagram(uji).dot).toContain("DS: made by the first deploy");
  });

  it("does not depend on the order of plan, inventory or state", () => {
    const live = liveOf(uji);
    const turned = reversed({ ...uji, live });
    const dns = { ...turned.plan.dns, zones: turned.plan.dns.zones.toReversed() };
    expect(dnsDiagram({ ...turned, plan: { ...turned.plan, dns } })).toEqual(
      dnsDiagram({ ...uji, live }),
    );
  });

  it("marks a server that is stopped or absent, in words too", () => {
    const live = liveOf(uji, {
      containers: {
        "simpul-uji-name-server-ns1": "stopped",
        "simpul-uji-resolver-resolver1": "absent",
      },
    });
    const { dot } = dnsDiagram({ ...uji, live });
    expect(dot).toMatch(/^ {2}"ns1" \[.*✕.*stopped/m);
    expect(dot).toMatch(/^ {2}"resolver1" \[.*✕.*absent from the engine/m);
    expect(dot).toMatch(/^ {2}"ns-primary" \[.*●/m);
  });

  it("is well-formed whatever the kabupaten is called, and lays nothing over another", async () => {
    const hostile = withTitles(subject, HOSTILE);
    const svg = await diagramSvg(dnsDiagram({ ...hostile, live: liveOf(hostile) }));
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).not.toContain("<script");
    expect(overlaps(svg)).toEqual([]);
  });

  it(`is what stands in ${PICTURE}`, async () => {
    const committed = await readFile(path.join(ROOT, PICTURE), "utf8");
    const mend = `draw it again: npx simpul diagram dns --no-live --kabupaten uji --inventory test/fixtures/inventory --out ${PICTURE}`;
    expect(committed === (await diagramSvg(dnsDiagram(uji))), mend).toBe(true);
  });
});
