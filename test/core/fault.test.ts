import { describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";

describe("Fault.predicate", () => {
  it.each([
    ['"2" is a size without a unit', "is 2, a size without a unit"],
    ['"10.64.0.1/12" has host bits set', "is 10.64.0.1/12, which has host bits set"],
    ['"" is not a prefix', 'is "", not a prefix'],
    ["something else", "is wrong: something else"],
  ])("%s: %s", (what, predicate) => {
    expect(new Fault(what, "").predicate).toBe(predicate);
  });

  it("shortens what would fill the screen", () => {
    expect(new Fault(`"${"a".repeat(500)}" is not a slug`, "").predicate).toBe(
      `is ${"a".repeat(57)}..., not a slug`,
    );
  });
});
