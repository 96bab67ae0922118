import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import { Fault } from "../../modules/core/fault.ts";
import type { SpaceUse } from "../../modules/plan/ip-utilisation.ts";
import { forecastNote, utilisationTable } from "../../modules/plan/ip-utilisation-text.ts";
import type { LockChange } from "../../modules/plan/lock-history.ts";
import { forecasts } from "../../modules/plan/pool-forecast.ts";

const DAY_ONE = day("2026-01-01");
const POOL: SpaceUse = {
  pool: "perangkat-daerah",
  prefix: "10.68.0.0/14",
  unit: "address",
  used: 0,
  free: 0,
  percent: 0,
};

describe("a forecast", () => {
  it("of a pool that fills evenly is the day on which it is full", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 5, max: 40 }),
        fc.integer({ min: 0, max: 200 }),
        (every, times, left) => {
          fc.pre(every * (times - 1) >= 30);
          const changes = Array.from({ length: times }, (_, index) => added(index * every, index));
          const today = DAY_ONE.plusDays((times - 1) * every);
          const space = { ...POOL, used: times * 256, free: left * 256 };
          const [forecast] = forecasts([space], { changes, isShallow: false }, today);
          const rate = (256 * 30) / every;
          expect(forecast).toMatchObject({ since: "2026-01-01" });
          expect((forecast as { perMonth: number }).perMonth).toBeCloseTo(rate, 0);
          const { fullOn } = forecast as { fullOn?: string };
          // A rounding error may be one more day.
          expect(Math.abs(today.daysUntil(day(fullOn!)) - left * every)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("counts a POP's share in its pool and what lies in it in the share, by family", () => {
    const lines = [
      ["aggregate/a/perangkat-daerah", "10.68.16.0/20 fd33:23a5:71c0:8100::/56"],
      ["lan/x", "10.68.16.0/24 fd33:23a5:71c0:8100::/64"],
    ] as const;
    const more = ["lan/y", "10.68.17.0/24 fd33:23a5:71c0:8101::/64"] as const;
    const changes = [change(0, lines), change(30, [more])];
    const six = { pool: POOL.pool, percent: 0, free: 99, unit: "/64" as const };
    const result = forecasts(
      [
        { ...POOL, used: 4096, free: 258_048 },
        { ...POOL, share: "a", prefix: "10.68.16.0/20", used: 512, free: 3584 },
        { ...six, share: "a", prefix: "fd33:23a5:71c0:8100::/56", used: 2 },
      ],
      { changes, isShallow: false },
      DAY_ONE.plusDays(30),
    );
    expect(result.map((each) => (each as { perMonth: number }).perMonth)).toEqual([0, 256, 1]);
    expect(result.map((each) => "fullOn" in each)).toEqual([false, true, true]);
  });

  it("does not count what changed its name, rests, or came back", () => {
    const value = "10.68.16.0/24 fd33:23a5:71c0:8100::/64";
    const changes = [
      change(0, [["lan/a", value]]),
      change(10, [["lan/b", value]], [["lan/a", value]]),
      change(20, [["freed/2026-01-21/lan/b", value]], [["lan/b", value]]),
      change(25, [["lan/b", value]], [["freed/2026-01-21/lan/b", value]]),
    ];
    const space = { ...POOL, used: 256, free: 100 };
    expect(forecasts([space], { changes, isShallow: false }, DAY_ONE.plusDays(40))).toEqual([
      { since: "2026-01-01", perMonth: 0 },
    ]);
  });

  it("sees a pool empty, and one that takes longer than anyone knows", () => {
    const line = (index: number) => added(index * 10, index);
    const gone = (index: number) => change(40 + index, [], line(index).added);
    const emptying = {
      changes: [line(0), line(1), line(2), gone(0), gone(1), gone(2)],
      isShallow: false,
    };
    const slow = { changes: [line(0), line(4)], isShallow: false };
    const today = DAY_ONE.plusDays(60);
    const [down] = forecasts([{ ...POOL, used: 0, free: 99 }], emptying, today);
    const [long] = forecasts([{ ...POOL, used: 512, free: 200_000 }], slow, today);
    expect(down).toMatchObject({ perMonth: expect.toSatisfy((rate: number) => rate < 0) });
    expect(down).not.toHaveProperty("fullOn");
    expect(long).not.toHaveProperty("fullOn");
    const spaces = [down!, long!].map((forecast) => ({ ...POOL, free: 9, forecast }));
    const table = utilisationTable(spaces, true);
    expect(table).toMatch(/-\S+ +not filling$/m);
    expect(table).toMatch(/\+\S+ +in over ten years$/m);
  });

  it.each([
    [
      "a history of less than a month",
      { changes: [added(0, 0)], isShallow: false },
      /^the lock's history is 29 days long, and a rate takes 30$/,
    ],
    [
      "a clone that was cut off",
      { changes: [added(20, 0)], isShallow: true },
      /history in this shallow clone is 9 days/,
    ],
    ["no commit at all", { changes: [], isShallow: false }, /^no commit has the lock yet$/],
    ["no git", new Fault("git is not installed", "install git"), /^git is not installed$/],
  ])("is unknown with %s, and never a date", (_name, history, why) => {
    const space = { ...POOL, used: 256, free: 100 };
    const [forecast] = forecasts([space], history, DAY_ONE.plusDays(29));
    expect(forecast).toEqual({ unknown: expect.stringMatching(why) });
    const spaces = [{ ...space, forecast: forecast! }];
    expect(utilisationTable(spaces, true)).not.toMatch(/FULL ON|\d{4}-/);
    expect(forecastNote(spaces, { uncommitted: 3, isShallow: false })).toMatch(/is unknown: /);
  });
});

/** One more LAN on this day. */
function added(days: number, index: number): LockChange {
  const ipv4 = `10.68.${index}.0/24`;
  const ipv6 = `fd33:23a5:71c0:${(0x8000 + index).toString(16)}::/64`;
  return change(days, [[`lan/agency-${index}`, `${ipv4} ${ipv6}`]]);
}

function change(
  days: number,
  lines: LockChange["added"],
  removed: LockChange["removed"] = [],
): LockChange {
  return { day: DAY_ONE.plusDays(days), added: lines, removed };
}

function day(text: string): CalendarDate {
  const parsed = CalendarDate.parse(text);
  if (parsed instanceof CalendarDate) return parsed;
  throw new Error(parsed.what);
}
