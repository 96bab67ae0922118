import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judgeCopies } from "../../modules/verify/backup-copies.ts";
import {
  NEVER_READ,
  oldestReadDays,
  partsDue,
  withRead,
} from "../../modules/verify/backup-reading.ts";
import { judgeRetention, keptBy, weakerPolicy } from "../../modules/verify/backup-retention.ts";
import { judgeSeries } from "../../modules/verify/backup-series.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-23T02:00:00Z");
const KEEP = { daily: 14, weekly: 8, monthly: 12 };

function daily(count: number, until = NOW - HOUR): { id: string; takenAt: number }[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${at}`.padStart(64, "0"),
    takenAt: until - (count - 1 - at) * DAY,
  }));
}

function noted(entries: readonly { id: string; takenAt: number }[]) {
  return entries.map(({ id, takenAt }) => ({ id, time: new Date(takenAt).toISOString() }));
}

describe("the series of one repository", () => {
  const judge = (entries: ReturnType<typeof daily>, more = {}) =>
    judgeSeries({ entries, everySeconds: 86_400, now: NOW, ...more }).map(({ id }) => id);

  it("is fine when a backup of each day is there, with the jitter of a schedule", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2 * HOUR, max: 2 * HOUR }), { minLength: 5, maxLength: 30 }),
        (jitter) => {
          const entries = daily(jitter.length, NOW - 3 * HOUR).map((one, at) => ({
            ...one,
            takenAt: one.takenAt + jitter[at]!,
            writtenAt: one.takenAt + jitter[at]! + 5 * 60_000,
          }));
          expect(judge(entries, { watchedSince: 0 })).toEqual([]);
        },
      ),
    );
  });

  it("is stale once the newest is older than every and its grace", () => {
    expect(judge(daily(5, NOW - 30 * HOUR + 1))).toEqual([]);
    expect(judge(daily(5, NOW - 30 * HOUR - 1))).toEqual(["backup-stale"]);
    expect(judge(daily(5, NOW - 31 * HOUR), { lagSeconds: 7200 })).toEqual([]);
    expect(judge([])).toEqual(["backup-none"]);
  });

  it("has a gap where a watched day is missing, and none where pruning may have thinned", () => {
    const entries = daily(10).filter((_, at) => at !== 6);
    expect(judge(entries, { watchedSince: 0 })).toEqual(["backup-gap"]);
    expect(judge(entries)).toEqual([]);
    expect(judge(daily(10).filter((_, at) => at !== 6 && at !== 5 && at !== 4))).toEqual([
      "backup-gap",
    ]);
  });

  it("names a clock that is off, and makes no staleness of it", () => {
    const [first, ...others] = daily(3).toReversed();
    const entries = [...others.toReversed(), first!];
    const newest = entries.at(-1)!;
    const moved = (by: number) => [
      ...entries.slice(0, -1),
      { ...newest, takenAt: newest.takenAt + by, writtenAt: newest.takenAt + 60_000 },
    ];
    expect(judge(moved(DAY))).toEqual(["backup-clock"]);
    expect(judge(moved(-DAY))).toEqual(["backup-clock"]);
    expect(judge(moved(0))).toEqual([]);
    expect(judge([...entries, { id: "f".repeat(64), takenAt: NOW + HOUR }])).toEqual([
      "backup-clock",
    ]);
  });
});

describe("what keep promises", () => {
  it("is missed when it goes, and nothing else is", () => {
    const series = noted(daily(60));
    const kept = keptBy(KEEP, series);
    for (const gone of series) {
      const present = series.filter((one) => one !== gone);
      const { problems } = judgeRetention({ policy: KEEP, present, noted: series, mentioned: [] });
      expect(problems.map(({ id }) => id)).toEqual(
        kept.has(gone.id) ? ["backup-snapshot-lost"] : [],
      );
    }
  });

  it("is never missed after pruning by the same promise, however often", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ hours: fc.integer({ min: 1, max: 40 }), prune: fc.boolean() }), {
          minLength: 1,
          maxLength: 120,
        }),
        fc.record({ daily: fc.nat(5), weekly: fc.nat(4), monthly: fc.nat(3) }),
        (steps, policy) => {
          let time = Date.parse("2026-01-01T00:00:00Z");
          let present: { id: string; time: string }[] = [];
          let known: readonly { id: string; time: string }[] = [];
          for (const [at, { hours, prune }] of steps.entries()) {
            time += hours * HOUR;
            present = [...present, { id: `${at}`, time: new Date(time).toISOString() }];
            const judged = judgeRetention({ policy, present, noted: known, mentioned: [] });
            expect(judged.problems).toEqual([]);
            known = judged.noted;
            if (!prune) continue;
            const kept = keptBy(policy, present);
            present = present.filter(({ id }) => kept.has(id));
          }
        },
      ),
    );
  });

  it("of an earlier, weaker policy is what counts for what it let go", () => {
    expect(weakerPolicy(KEEP, { daily: 20, weekly: 1, monthly: 12 })).toEqual({
      daily: 14,
      weekly: 1,
      monthly: 12,
    });
  });

  it("counts weeks as ISO 8601 does", () => {
    const days = ["2026-12-28", "2027-01-03", "2027-01-04"].map((day) => ({
      id: day,
      time: `${day}T01:00:00+07:00`,
    }));
    expect([...keptBy({ daily: 0, weekly: 9, monthly: 0 }, days)].toSorted()).toEqual([
      "2027-01-03",
      "2027-01-04",
    ]);
  });
});

describe("copies", () => {
  const snapshot = (id: string, hoursAgo: number, original?: string) => ({
    id,
    time: new Date(NOW - hoursAgo * HOUR).toISOString(),
    ...{ hostname: "h", tags: ["simpul"], paths: [] },
    ...(original !== undefined && { original }),
  });
  const judge = (primary: ReturnType<typeof snapshot>[], copies: ReturnType<typeof snapshot>[]) => {
    const judged = judgeCopies({ primary, copies, keep: KEEP, lagSeconds: 7200, now: NOW });
    return [judged.primary.map(({ id }) => id), judged.copy.map(({ id }) => id)];
  };

  it("are missed at either site, once they had time to come", () => {
    expect(judge([snapshot("a", 30), snapshot("b", 1)], [snapshot("x", 30, "a")])).toEqual([
      [],
      [],
    ]);
    expect(judge([snapshot("a", 30), snapshot("b", 3)], [snapshot("x", 30, "a")])).toEqual([
      [],
      ["backup-copy-missing"],
    ]);
    expect(judge([snapshot("b", 3)], [snapshot("x", 30, "a"), snapshot("y", 3, "b")])).toEqual([
      ["backup-snapshot-lost"],
      [],
    ]);
  });
});

describe("reading all packs in turns", () => {
  it("reads every part within the promised days, from the first night on, whatever nights are missed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 75 }), { minLength: 1, maxLength: 60 }),
        (hours) => {
          let parts = NEVER_READ;
          let now = NOW;
          for (const wait of hours) {
            parts = withRead(parts, partsDue(parts, now, false), now);
            const age = oldestReadDays(parts, now);
            expect(age).toBeDefined();
            // Tomorrow's run still comes in time.
            expect(age! + 1).toBeLessThanOrEqual(7.25);
            now += wait * HOUR;
          }
        },
      ),
    );
  });

  it("reads one part a day once all were read, all of them where asked, and none twice a day", () => {
    const all = withRead(NEVER_READ, partsDue(NEVER_READ, NOW, false), NOW);
    expect(partsDue(all, NOW + HOUR, false)).toEqual([]);
    expect(partsDue(all, NOW + HOUR, true)).toEqual([]);
    expect(partsDue(all, NOW + DAY, false)).toHaveLength(1);
    expect(partsDue(all, NOW + DAY, true)).toHaveLength(7);
  });
});
