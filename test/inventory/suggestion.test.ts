import { describe, expect, it } from "vitest";

import { nearest, suggestion } from "../../modules/inventory/suggestion.ts";

describe("nearest", () => {
  it.each([
    ["memroy", ["name", "memory"], "memory"], // neighbours swapped
    ["dinas-pendidkan", ["dinas-kesehatan", "dinas-pendidikan"], "dinas-pendidikan"],
    ["hot", ["none", "cold", "warm"], undefined],
    ["x", ["y"], "y"],
    ["anything", [], undefined],
  ])("to %j among %j is %j", (word, candidates, meant) => {
    expect(nearest(word, candidates)).toBe(meant);
  });
});

describe("suggestion", () => {
  it("names the whole choice when nothing is near", () => {
    expect(suggestion("hot", ["cold", "warm"])).toBe("choose from: cold, warm");
    expect(suggestion("hot", [])).toBe("there is none to choose from");
  });
});
