import { createHmac } from "node:crypto";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { LeaseCore, LeaseWorld, type Clocks, type Happening } from "./lease-world.ts";

const HOLDERS = 3;
/** Both ends may be off by one part in a hundred, which no machine is. */
const anyClock = fc.record({
  rate: fc.integer({ min: 990, max: 1010 }).map((thousandths) => thousandths / 1000),
  offset: fc.integer({ min: 1, max: 10_000_000 }),
});
const anyClocks: fc.Arbitrary<Clocks> = fc.record({
  voters: fc.array(anyClock, { minLength: 3, maxLength: 3 }),
  holders: fc.array(anyClock, { minLength: HOLDERS, maxLength: HOLDERS }),
});
const holder = fc.nat({ max: HOLDERS - 1 });
const which = fc.nat({ max: 40 });
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("want" as const), holder }) },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant("arrive" as const), which, again: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      milliseconds: fc.oneof(
        fc.integer({ min: 1, max: 800 }),
        fc.integer({ min: 4_000, max: 11_000 }),
      ),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("try" as const),
      holder,
      reached: fc.subarray([0, 1, 2], { minLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose" as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("crash" as const, "release" as const), holder }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("restart" as const),
      voter: fc.nat({ max: 2 }),
      emptied: fc.constant(false),
    }),
  },
);
const anySchedule = fc.array(anyHappening, { minLength: 20, maxLength: 160, size: "max" });

describe("a lease of three voters", () => {
  let core: LeaseCore;

  beforeAll(() => {
    core = new LeaseCore();
  });

  afterAll(() => core.end());

  const play = async (clocks: Clocks, schedule: readonly Happening[], waited?: number) => {
    const world = new LeaseWorld(core, clocks, waited);
    await world.begin();
    for (const happening of schedule) await world.happen(happening);
    return world;
  };

  it("is never held by two at once, whatever clocks, network and crashes do", async () => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(anyClocks, anySchedule, async (clocks, schedule) => {
        const world = await play(clocks, schedule);
        held += world.held.length;
        expect(world.collisions).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(held).toBeGreaterThan(200);
  }, 120_000);

  it("changes hands with a higher epoch each time", async () => {
    await fc.assert(
      fc.asyncProperty(anyClocks, anySchedule, async (clocks, schedule) => {
        const epochs = (await play(clocks, schedule)).held.map(({ epoch }) => epoch);
        expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it("is had by whoever wants it once everything runs again", async () => {
    await fc.assert(
      fc.asyncProperty(anyClocks, anySchedule, holder, async (clocks, schedule, wanting) => {
        const world = await play(clocks, schedule);
        expect(await world.settle(wanting)).toBe(true);
        expect(world.collisions).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it("stays one man's after a voter has lost its disk", async () => {
    const losing = anySchedule.map((schedule) =>
      // One disk at a time: who loses two of three has lost the majority's memory.
      schedule.map((each) =>
        each.kind === "restart" ? { ...each, voter: 1, emptied: true } : each,
      ),
    );
    await fc.assert(
      fc.asyncProperty(anyClocks, losing, async (clocks, schedule) => {
        expect((await play(clocks, schedule)).collisions).toEqual([]);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it("would be held by two if voters did not wait after a restart", async () => {
    const found = await fc.check(
      fc.asyncProperty(anyClocks, anySchedule, async (clocks, schedule) => {
        expect((await play(clocks, schedule, 10_000)).collisions).toEqual([]);
      }),
      { numRuns: 3_000, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  }, 120_000);

  it("is signed as HMAC with SHA-256 is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        async (key, text) => {
          const said = await core.ask(
            "hmac",
            Buffer.from(key).toString("hex"),
            Buffer.from(text).toString("hex"),
          );
          expect(said).toBe(createHmac("sha256", key).update(text).digest("hex"));
        },
      ),
    );
  });
});
