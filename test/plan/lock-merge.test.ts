import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Repository, type Branch } from "./merged-branches.ts";

const OWNERS = ["dinas-pendidikan", "dinas-kesehatan", "kecamatan-ngadirejo"];

/** LANs of a quarter of a POP's share at most, so that two branches often want the same place. */
const branch = (prefix: string): fc.Arbitrary<Branch> =>
  fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.constantFrom("parakan", "ngadirejo"), fc.constantFrom(24, 25, 26)), {
        minLength: 4,
        maxLength: 4,
      }),
      fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 4 }),
      fc.array(fc.nat({ max: 6 }), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([numbers, lans, servers, owners, lock]) => {
      const agencies = numbers.map((number, index) => {
        const [pop, length] = lans[index]!;
        return { name: `dinas-${number}${prefix}`, pop, length };
      });
      const all = [...OWNERS, ...agencies.map(({ name }) => name)];
      const vps = servers.map((number, index) => ({
        name: `vps-${number}${prefix}`,
        owner: all[owners[index]! % all.length]!,
      }));
      return { agencies, vps, lock };
    });

describe("two branches that each add agencies and VPS", () => {
  it(
    "merge in any order without a conflict or an edit, and nothing on main moves",
    { timeout: 120_000 },
    async () => {
      let collisions = 0;
      await fc.assert(
        fc.asyncProperty(branch("a"), branch("b"), async (a, b) => {
          using repository = new Repository(true);
          await repository.commit(true);
          const base = repository.head();
          await repository.branch("a", a);
          await repository.branch("b", b);
          const proposed = await proposals(repository, ["a", "b"]);
          const results = [];
          for (const order of [
            ["a", "b"],
            ["b", "a"],
          ]) {
            repository.reset(base);
            let before = await repository.lines();
            for (const name of order) {
              expect(await repository.merge(name)).toBe(true);
              const after = await repository.lines();
              for (const [key, value] of before)
                expect([key, after.get(key)]).toEqual([key, value]);
              before = after;
            }
            results.push([...before.keys()]);
            collisions += [...before].filter(
              ([key, value]) => proposed.has(key) && proposed.get(key) !== value,
            ).length;
          }
          expect(results[0]).toEqual(results[1]);
        }),
        { numRuns: 10, seed: 20_261_123, endOnFailure: true },
      );
      // The property says nothing unless branches did want the same addresses.
      expect(collisions).toBeGreaterThan(0);
    },
  );

  it("are settled the same way where git left its markers in the lock", async () => {
    using repository = new Repository(false);
    await repository.commit(true);
    const agency = (name: string) => ({ name, pop: "parakan", length: 24 });
    await repository.branch("a", { agencies: [agency("dinas-1a")], vps: [], lock: true });
    await repository.branch("b", { agencies: [agency("dinas-1b")], vps: [], lock: true });
    expect(await repository.merge("a")).toBe(true);
    const before = await repository.lines();
    expect(await repository.merge("b")).toBe(false);
    const after = await repository.lines();
    for (const [key, value] of before) expect([key, after.get(key)]).toEqual([key, value]);
    expect([...after.keys()]).toContain("lan/dinas-1b");
  });
});

/** What each branch by itself would be given. */
async function proposals(repository: Repository, names: readonly string[]) {
  const all = new Map<string, string>();
  const main = repository.head();
  for (const name of names) {
    repository.reset(name);
    for (const [key, value] of await repository.lines()) all.set(key, value);
  }
  repository.reset(main);
  return all;
}
