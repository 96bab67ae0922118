import { readFile } from "node:fs/promises";
import path from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Rack } from "../../../modules/inventory/rack.ts";
import { overlapsOf } from "../../../modules/plan/rack-units.ts";
import { rackDiagram } from "../../../modules/render/diagram/rack-diagram.ts";
import { UNIT_HEIGHT } from "../../../modules/render/diagram/rack-view.ts";
import { unitWords } from "../../../modules/render/diagram/rack-words.ts";
import { device, rackOf, racks, unitRange } from "../../plan/rack-builder.ts";
import { ROOT, subjectOf, xmlFault } from "./drawing.ts";

const PICTURE = "docs/images/temanggung-rak-a.svg";

const draw = (rack: Rack): string =>
  rackDiagram({ rack, kabupaten: "Uji", dinas: "dinas-kominfo" });

/** Devices as drawn: what the pointer shows, and the rectangle. */
function boxes(svg: string) {
  return [...svg.matchAll(/<g><title>([^<]*)<\/title><rect ([^>]*)\/>/g)].map(([, title, text]) => {
    const number = (name: string): number =>
      Number(new RegExp(`\\b${name}="([^"]*)"`).exec(text!)![1]);
    return {
      title: title!,
      x: number("x"),
      y: number("y"),
      width: number("width"),
      height: number("height"),
      dashed: text!.includes("dasharray"),
    };
  });
}

describe("rackDiagram", () => {
  it("draws each device once where it is seen from one side, and twice at full depth, at its own height", () => {
    const svg = draw(
      rackOf([
        device({ name: "switch", face: "front", units: unitRange(42, 1) }),
        device({ name: "server", units: unitRange(1, 2), state: "planned" }),
        device({ name: "gone", units: unitRange(9, 1), state: "removed" }),
      ]),
    );
    const drawn = boxes(svg);
    expect(drawn.map(({ title }) => title.split(" ")[0])).toEqual(["switch", "server", "server"]);
    const [top, front, back] = drawn as [(typeof drawn)[0], (typeof drawn)[0], (typeof drawn)[0]];
    expect([front.height, back.height]).toEqual([2 * UNIT_HEIGHT - 2, 2 * UNIT_HEIGHT - 2]);
    expect(front.y - top.y).toBe(40 * UNIT_HEIGHT);
    expect([front.y, front.x < back.x, front.dashed, top.dashed]).toEqual([
      back.y,
      true,
      true,
      false,
    ]);
  });

  it("says totals of each feed, what one carries alone, and which units are free", () => {
    const rack = rackOf(
      [
        device({ name: "one", units: unitRange(1, 2), power: { a: 200, b: 300 } }),
        device({ name: "two", units: unitRange(4, 1), power: { a: 100 } }),
      ],
      { units: 6, feeds: { a: 1000, b: 2000 } },
    );
    const svg = draw(rack);
    expect(svg).toContain("feed A: 300 of 1000 W (30 %), 600 W (60 %) when B fails");
    expect(svg).toContain("feed B: 300 of 2000 W (15 %), 500 W (25 %) when A fails");
    expect(svg).toContain("3 of 6 units free: 3, 5-6");
    expect(draw({ ...rack, feeds: { a: 1000 } })).toContain(">feed A: 300 of 1000 W (30 %)<");
  });

  it("does not depend on the order of devices, and draws nothing over another in a rack that is sound", () => {
    fc.assert(
      fc.property(racks, (rack) => {
        const svg = draw(rack);
        expect(draw({ ...rack, devices: rack.devices.toReversed() })).toBe(svg);
        expect(xmlFault(svg)).toBeUndefined();
        fc.pre(overlapsOf(rack).length === 0);
        const drawn = boxes(svg);
        for (const one of drawn)
          for (const other of drawn.filter((each) => each !== one && each.x === one.x))
            expect(one.y + one.height <= other.y || other.y + other.height <= one.y).toBe(true);
      }),
    );
  });

  it("takes what people write as text, never as markup, and shortens what does not fit", () => {
    const model = `</text><script>alert("${"&".repeat(60)}")</script>`;
    const svg = draw(
      rackOf([device({ name: "x".repeat(41), model, serial: "<b>", units: unitRange(3, 2) })]),
    );
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).not.toContain("<script");
    expect(svg).toContain("…</text>");
    expect(svg).toContain("serial &lt;b&gt;");
  });

  it("names free units as ranges", () => {
    expect(unitWords([1, 2, 3, 5, 7, 8])).toBe("1-3, 5, 7-8");
  });

  it(`is what stands in ${PICTURE}`, async () => {
    const { inventory } = await subjectOf("temanggung");
    const rack = inventory.racks.find(({ name }) => name === "rak-a")!;
    const svg = rackDiagram({ rack, kabupaten: "Temanggung", dinas: "dinas-kominfo" });
    const mend = `draw it again: npx simpul diagram rack rak-a --out ${PICTURE}`;
    expect((await readFile(path.join(ROOT, PICTURE), "utf8")) === svg, mend).toBe(true);
  });
});
