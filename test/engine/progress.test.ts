import { describe, expect, it } from "vitest";

import { createProgress } from "../../modules/engine/progress.ts";

describe("progress", () => {
  it("is a bar on a terminal", () => {
    const shown: string[] = [];
    const progress = createProgress({
      line: (text) => shown.push(text),
      status: (text) => shown.push(text),
    });
    progress.begin("applying", 4);
    progress.step("router a");
    progress.end();
    expect(shown).toEqual([
      "[------------------------] 0/4 applying",
      "[######------------------] 1/4 applying: router a",
      "",
    ]);
  });

  it("is a plain line every few seconds elsewhere, and notes always", () => {
    const shown: string[] = [];
    let now = 0;
    const progress = createProgress({ line: (text) => shown.push(text) }, () => now);
    progress.begin("applying", 100);
    for (let step = 0; step < 100; step++) {
      now += 200;
      progress.step(`router ${step}`);
    }
    progress.note("backbone: done");
    progress.end();
    expect(shown).toEqual([
      "applying: 25 of 100, router 24",
      "applying: 50 of 100, router 49",
      "applying: 75 of 100, router 74",
      "applying: 100 of 100, router 99",
      "backbone: done",
    ]);
  });
});
