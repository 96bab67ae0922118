import { describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { UnitRange } from "../../modules/core/unit-range.ts";

describe("UnitRange", () => {
  it.each([
    ["1", 1, 1],
    ["42", 42, 42],
    ["12-13", 12, 13],
    ["9-10", 9, 10],
  ])("reads %s", (text, lowest, highest) => {
    const range = UnitRange.parse(text);
    expect(range).toMatchObject({ lowest, highest, height: highest - lowest + 1, text });
  });

  it.each([
    ["0", "write it as 12 or 12-13, counted from below"],
    ["012", "write it as 12 or 12-13, counted from below"],
    ["12U", "write it as 12 or 12-13, counted from below"],
    ["12 - 13", "write it as 12 or 12-13, counted from below"],
    ["100", "write it as 12 or 12-13, counted from below"],
    ["13-12", "write 12-13"],
    ["12-12", "write 12"],
  ])("refuses %s", (text, fix) => {
    const fault = UnitRange.parse(text);
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).fix).toBe(fix);
  });
});
