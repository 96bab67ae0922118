import { setTimeout } from "node:timers/promises";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { reversed, schedule } from "../../modules/engine/stack-schedule.ts";

interface Item {
  readonly name: string;
  readonly needs: readonly string[];
}

const items = (needs: Readonly<Record<string, readonly string[]>>): readonly Item[] =>
  Object.entries(needs).map(([name, needed]) => ({ name, needs: needed }));

/** Runs items; those in `failing` fail. Gives the order of begins and ends, and the fates. */
async function run(all: readonly Item[], failing: readonly string[] = [], limit = 2) {
  const log: string[] = [];
  let busy = 0;
  let busiest = 0;
  const fates = await schedule(all, {
    limit,
    work: async ({ name }) => {
      log.push(`+${name}`);
      busiest = Math.max(busiest, ++busy);
      await setTimeout(1);
      busy -= 1;
      log.push(`-${name}`);
      return !failing.includes(name);
    },
    succeeded: (result) => result,
  });
  return {
    log,
    busiest,
    fates: new Map([...fates].map(([name, { kind }]) => [name, kind])),
    full: fates,
  };
}

/** Acyclic by making: an item needs only items before it. */
const anyItems = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    rows.map((row, index) => ({
      name: `s${index}`,
      needs: index === 0 ? [] : [...new Set(row.map((n) => `s${n % index}`))],
    })),
  );

describe("the schedule", () => {
  it("never begins an item before all it needs have ended, nor more than the limit at once", async () => {
    await fc.assert(
      fc.asyncProperty(anyItems, fc.integer({ min: 1, max: 4 }), async (all, limit) => {
        const { log, busiest, fates } = await run(all, [], limit);
        expect(busiest).toBeLessThanOrEqual(limit);
        expect([...fates.values()].every((kind) => kind === "done")).toBe(true);
        for (const { name, needs } of all)
          for (const need of needs)
            expect(log.indexOf(`-${need}`)).toBeLessThan(log.indexOf(`+${name}`));
      }),
      { numRuns: 40 },
    );
  });

  it("stops exactly those that need a failed item, directly or not", async () => {
    await fc.assert(
      fc.asyncProperty(anyItems, fc.nat(), async (all, which) => {
        const failed = all[which % all.length]!.name;
        const { fates } = await run(all, [failed]);
        const lost = new Set([failed]);
        for (const { name, needs } of all) if (needs.some((need) => lost.has(need))) lost.add(name);
        for (const { name } of all)
          expect(fates.get(name)).toBe(
            name === failed ? "failed" : lost.has(name) ? "not-tried" : "done",
          );
      }),
      { numRuns: 40 },
    );
  });

  it("takes a need that is not among the items as met", async () => {
    const { fates } = await run(items({ dns: ["backbone"] }));
    expect(fates.get("dns")).toBe("done");
  });

  it("begins nothing more after an interrupt", async () => {
    const controller = new AbortController();
    const fates = await schedule(items({ a: [], b: ["a"] }), {
      limit: 2,
      work: async () => controller.abort(),
      succeeded: () => true,
      interrupt: controller.signal,
    });
    expect(fates.get("b")).toEqual({ kind: "not-tried", because: [] });
  });

  it("lets what was begun end before a mistake of ours is heard of", async () => {
    const log: string[] = [];
    const work = async ({ name }: Item) => {
      if (name === "bad") throw new Error("our mistake");
      await setTimeout(5);
      log.push(name);
    };
    const done = schedule(items({ bad: [], good: [], next: ["good"] }), {
      limit: 2,
      work,
      succeeded: () => true,
    });
    await expect(done).rejects.toThrow("our mistake");
    expect(log).toEqual(["good"]);
  });

  it("says that needs form a circle", async () => {
    await expect(run(items({ a: ["b"], b: ["a"] }))).rejects.toThrow("needs form a circle: a, b");
  });

  it("runs from the far end when reversed", async () => {
    const { log } = await run(
      reversed(items({ backbone: [], parakan: ["backbone"], dns: ["backbone"] })),
    );
    expect(log.at(-1)).toBe("-backbone");
    expect(log.indexOf("+backbone")).toBe(4);
  });
});
