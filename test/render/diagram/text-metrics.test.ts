import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { textWidth, wrapped } from "../../../modules/render/diagram/text-metrics.ts";

describe("wrapped", () => {
  it.each([
    ["Dinas Kesehatan", 200, ["Dinas Kesehatan"]],
    ["Dinas Pendidikan, Pemuda dan Olahraga", 140, ["Dinas Pendidikan,", "Pemuda dan Olahraga"]],
    ["W".repeat(8), 44, ["WWWW", "WWWW"]],
    ["", 100, [""]],
  ])("breaks %j at a width of %i", (text, width, lines) => {
    expect(wrapped(text, { width, size: 11 })).toEqual(lines);
  });

  it("ends what does not fit in an ellipsis", () => {
    const lines = wrapped("satu dua tiga empat lima enam", { width: 40, size: 11, lines: 2 });
    expect(lines).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/…$/);
  });

  it("gives no line that is wider, nor one too many, and breaks no composed character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
        const width = 60;
        const lines = wrapped(text, { width, size: 11, lines: 3 });
        expect(lines.length).toBeLessThanOrEqual(3);
        const wide = lines.filter((line) => textWidth(line, 11) > width);
        // A single character that is wider than the line has to stand somewhere.
        expect(wide.filter((line) => [...new Intl.Segmenter().segment(line)].length > 1)).toEqual(
          [],
        );
      }),
    );
  });
});
