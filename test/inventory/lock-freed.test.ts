import { describe, expect, it } from "vitest";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import { turnLock, withoutReturned } from "../../modules/inventory/lock-freed.ts";
import { lockText, parseLock } from "../../modules/inventory/lock-file.ts";

const PLANNED = new Map([["lan/a", "1"]]);

describe("what left the inventory", () => {
  it("is marked with the day, rests thirty days, and is released", () => {
    const first = turn(new Map([...PLANNED, ["lan/b", "2"]]), "2026-11-23");
    expect(first).toMatchObject({ freed: ["lan/b"], released: [] });
    expect([...first.entries]).toEqual([...PLANNED, ["freed/2026-11-23/lan/b", "2"]]);
    const day29 = turn(first.entries, "2026-12-22");
    expect(day29).toEqual({ entries: first.entries, freed: [], released: [] });
    const day30 = turn(first.entries, "2026-12-23");
    expect(day30).toEqual({ entries: PLANNED, freed: [], released: ["lan/b"] });
  });

  it("has its line again when it comes back, and only rests where it came back with another", () => {
    const back = new Map([["lan/b", "2"]]);
    expect(turn(new Map([["freed/2026-11-23/lan/b", "2"]]), "2026-11-24", back).entries).toEqual(
      back,
    );
    const other = new Map([["freed/2026-11-23/lan/b", "3"]]);
    expect(turn(other, "2026-11-24", back).entries).toEqual(new Map([...back, ...other]));
    expect(withoutReturned(new Map([...back, ["freed/2026-11-23/lan/b", "2"]]))).toEqual(back);
  });

  it("stands in the lock as a line that reads back", () => {
    const { entries } = turn(new Map([["asn/b/gateway", "4229900001"]]), "2026-11-23", new Map());
    const { lock, findings } = parseLock("l", lockText(entries));
    expect(findings).toEqual([]);
    expect([...lock.entries.keys()]).toEqual(["freed/2026-11-23/asn/b/gateway"]);
  });
});

function turn(lines: ReadonlyMap<string, string>, day: string, planned = PLANNED) {
  return turnLock(lines, planned, CalendarDate.parse(day) as CalendarDate);
}
