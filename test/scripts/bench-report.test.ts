import { describe, expect, it } from "vitest";

import type { Contender } from "../../scripts/bench/contender.ts";
import { reportText } from "../../scripts/bench/report.ts";

describe("reportText", () => {
  const [fast, slow]: [Contender, Contender] = [
    { name: "fast", run: () => 0 },
    { name: "slow", run: () => 0 },
  ];
  const figures = [
    { contender: fast, times: [1000, 2000, 1000] },
    { contender: slow, times: [1300, 2800, 1500] },
  ];

  it("says by how much the first is faster, each round against itself", () => {
    const text = reportText("proof", { about: "all", beside: [fast, slow] }, figures);
    expect(text).toContain(
      "| times as fast: fast | 1.40 | 1.30 to 1.50 | than slow, round by round |",
    );
  });

  it("compares nobody who was not asked to be", () => {
    expect(reportText("proof", { about: "all" }, figures)).not.toContain("times as fast");
  });
});
