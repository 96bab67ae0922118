import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import type { Rack, RackDevice } from "../../modules/inventory/rack.ts";
import { checkRacks } from "../../modules/plan/check-racks.ts";
import { feedLoads } from "../../modules/plan/rack-power.ts";
import { freeUnits, overlapsOf, seenFrom } from "../../modules/plan/rack-units.ts";
import { endedWarranties } from "../../modules/plan/warranties.ts";
import { buildInventory } from "./inventory-builder.ts";
import { device, rackOf, racks, unitRange } from "./rack-builder.ts";

/** Each half of each unit that a thing fills: what a person would mark on squared paper. */
function halves({ units, face }: Pick<RackDevice, "units" | "face">): readonly string[] {
  const filled: string[] = [];
  for (let unit = units.lowest; unit <= units.highest; unit++) {
    if (face !== "back") filled.push(`${unit} front`);
    if (face !== "front") filled.push(`${unit} back`);
  }
  return filled;
}

function present({ devices }: Rack): readonly RackDevice[] {
  return devices.filter(({ state }) => state !== "removed");
}

describe("units of a rack", () => {
  it("overlap exactly where two things fill one half of one unit", () => {
    fc.assert(
      fc.property(racks, (rack) => {
        const expected = present(rack).flatMap((one) => [
          ...present(rack)
            .filter((other) => other !== one && halves(one).some((h) => halves(other).includes(h)))
            .map((other) => `${one.name} ${other.name}`),
          ...rack.blanks
            .filter(({ lowest }) => halves(one).includes(`${lowest} front`))
            .map(({ text }) => `${one.name} blank ${text}`),
        ]);
        const found = overlapsOf(rack).map(
          ({ device: one, other, units }) => `${one.name} ${other?.name ?? `blank ${units.text}`}`,
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  it("are free exactly where nothing stands, at neither side", () => {
    fc.assert(
      fc.property(racks, (rack) => {
        const filled = new Set(
          present(rack)
            .flatMap(halves)
            .map((half) => half.split(" ")[0]),
        );
        const free = freeUnits(rack);
        for (let unit = 1; unit <= rack.units; unit++)
          expect(free.includes(unit)).toBe(!filled.has(String(unit)));
      }),
    );
  });

  it("show from one side what stands there, full depth from both", () => {
    const rack = rackOf([
      device({ name: "switch", face: "front" }),
      device({ name: "pdu", face: "back" }),
      device({ name: "host", units: unitRange(2, 2) }),
      device({ name: "gone", units: unitRange(5, 1), state: "removed" }),
    ]);
    expect(seenFrom(rack, "front").map(({ name }) => name)).toEqual(["switch", "host"]);
    expect(seenFrom(rack, "back").map(({ name }) => name)).toEqual(["pdu", "host"]);
    expect(overlapsOf(rack)).toEqual([]);
  });
});

describe("power of a rack", () => {
  it("is, feed by feed, what the plugs draw, and what they draw once the other feed is dark", () => {
    fc.assert(
      fc.property(racks, (rack) => {
        for (const { feed, normal, alone } of feedLoads(rack)) {
          let both = 0;
          let failed = 0;
          for (const { power } of present(rack)) {
            const [own, other] = feed === "a" ? [power.a, power.b] : [power.b, power.a];
            if (own !== undefined) both += own;
            // Whoever has no plug in this feed went dark with the other one.
            if (own !== undefined) failed += own + (other ?? 0);
          }
          expect([normal, alone]).toEqual([both, failed]);
        }
      }),
    );
  });

  it("is too much of a failover before it is too much of a day, and each is said once", () => {
    const twice = (watts: number) =>
      rackOf(
        ["one", "two"].map((name, index) =>
          device({ name, units: unitRange(index + 1, 1), power: { a: watts, b: watts } }),
        ),
        { feeds: { a: 1000, b: 2000 } },
      );
    const ids = (watts: number) =>
      checkRacks({ ...EMPTY, racks: [twice(watts)] }).map(({ id, what }) => `${id}: ${what}`);
    expect(ids(250)).toEqual([]);
    expect(ids(251)).toEqual([
      "feed-failover-overloaded: when feed b of rak-a fails, feed a carries 1004 W instead of 502 W, and it is good for 1000 W",
    ]);
    expect(ids(501)).toEqual([
      "feed-overloaded: feed a of rak-a carries 1000 W, and its devices draw 1002 W from it",
      "feed-failover-overloaded: when feed a of rak-a fails, feed b carries 2004 W instead of 1002 W, and it is good for 2000 W",
    ]);
  });
});

const EMPTY = buildInventory({ pops: 1, lans: [], vps: [] });

describe("warranties", () => {
  const day = (text: string): CalendarDate => CalendarDate.parse(text) as CalendarDate;
  const rack = rackOf([
    device({ name: "old", warranty: day("2027-06-30") }),
    device({ name: "gone", warranty: day("2020-01-01"), state: "removed" }),
    device({ name: "unknown" }),
  ]);
  const said = (today: string): string[] =>
    endedWarranties([rack], day(today)).map(({ severity, what }) => `${severity}: ${what}`);

  it("hold through their last day, and are a warning on the next", () => {
    expect(said("2027-06-30")).toEqual([]);
    expect(said("2027-07-01")).toEqual(["warning: the warranty of old ended on 2027-06-30"]);
  });
});
