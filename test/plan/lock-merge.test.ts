import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { DualPrefix } from "../../modules/core/dual.ts";
import { Fault } from "../../modules/core/fault.ts";
import { renamedKey } from "../../modules/inventory/lock-rename.ts";
import { isAsnKey, layerOf } from "../../modules/plan/claim.ts";
import { parseLockValue } from "../../modules/plan/lock-value.ts";
import { renamed, Repository, type Branch } from "./merged-branches.ts";

const OWNERS = ["dinas-pendidikan", "dinas-kesehatan", "kecamatan-ngadirejo"];
const NAMES = ["a", "b", "c"];

/** What of main each branch may change: two of them in one place are a conflict that only people can settle. */
const OWN = [
  { desa: ["33.23.08.1001", "33.23.08.2002"], agency: "dinas-kesehatan", vps: "sik-puskesmas" },
  { desa: ["33.23.09.1001", "33.23.09.2003"], agency: "dinas-kominfo", vps: "ppdb-online" },
  { desa: [], agency: undefined, vps: undefined },
] as const;

/** LANs of a quarter of a POP's share at most, so that branches often want the same place. */
const branch = (index: 0 | 1 | 2): fc.Arbitrary<Branch> => {
  const { desa, agency, vps } = OWN[index];
  const suffix = "abc"[index]!;
  const some = fc.array(
    fc.record({
      number: fc.integer({ min: 1, max: 999 }),
      pop: fc.constantFrom("parakan", "ngadirejo"),
      length: fc.constantFrom(24, 25, 26),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const servers = fc.array(
    fc.record({ number: fc.integer({ min: 1, max: 999 }), owner: fc.nat() }),
    {
      maxLength: 4,
    },
  );
  return fc
    .record({
      some,
      servers,
      desa: fc.subarray([...desa]),
      grows: fc.boolean(),
      how: fc.constantFrom("rename", "archive", undefined),
      lock: fc.boolean(),
    })
    .map((drawn) => {
      const agencies = unique(drawn.some).map(({ number, pop, length }) => ({
        name: `dinas-${number}${suffix}`,
        pop,
        length,
      }));
      const owners = [...OWNERS, ...agencies.map(({ name }) => name)];
      return {
        agencies,
        vps: unique(drawn.servers).map(({ number, owner }) => ({
          name: `vps-${number}${suffix}`,
          owner: owners[owner % owners.length]!,
        })),
        desa: drawn.desa,
        ...(drawn.grows && agency !== undefined && { grow: { agency, length: 23 } }),
        ...(drawn.how !== undefined && vps !== undefined && { change: { vps, how: drawn.how } }),
        lock: drawn.lock,
      };
    });
};

describe("branches that each add agencies and VPS, activate desa, grow LANs, rename and archive", () => {
  it.each([
    [
      "two",
      [0, 1],
      [
        [0, 1],
        [1, 0],
      ],
      10,
    ],
    [
      "three",
      [0, 1, 2],
      [
        [0, 1, 2],
        [2, 1, 0],
        [1, 2, 0],
      ],
      6,
    ],
  ] as const)(
    "%s merge in any order without a conflict or an edit, and nothing on main moves",
    { timeout: 240_000 },
    async (_name, which, orders, runs) => {
      const seen = { collisions: 0, refused: 0, renamed: 0, archived: 0, grown: 0, active: 0 };
      await fc.assert(
        fc.asyncProperty(fc.tuple(...which.map(branch)), async (branches) => {
          using repository = new Repository(true);
          await repository.commit(true);
          const base = repository.head();
          for (const [index, each] of branches.entries())
            await repository.branch(NAMES[index]!, each);
          const proposed = await proposals(repository, NAMES.slice(0, branches.length));
          const results = [];
          for (const order of orders) {
            repository.reset(base);
            let before = await repository.lines();
            for (const index of order) {
              const merged = branches[index]!;
              expect(await repository.merge(NAMES[index]!, () => seen.refused++)).toBe(true);
              const after = await repository.lines();
              seen.grown += expectKept(before, after, merged);
              expectApart(await repository.locked());
              before = after;
            }
            for (const { change, desa = [] } of branches) {
              if (change?.how === "rename") seen.renamed++;
              if (change?.how === "archive") seen.archived++;
              seen.active += desa.length;
            }
            results.push([...before.keys()]);
            seen.collisions += [...before].filter(
              ([key, value]) => proposed.has(key) && proposed.get(key) !== value,
            ).length;
          }
          for (const result of results) expect(result).toEqual(results[0]);
        }),
        { numRuns: runs, seed: 20_261_123, endOnFailure: true },
      );
      // The property says nothing unless all of it happened, and branches did want the same addresses.
      const { refused: _refused, ...happened } = seen;
      for (const [what, count] of Object.entries(happened))
        expect([what, count > 0]).toEqual([what, true]);
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

function unique<T extends { readonly number: number }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((each) => [each.number, each])).values()];
}

/** What stood on main stays: under its new name where it has one, larger where it grew, and gone where it was archived. */
function expectKept(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  { change, grow }: Branch,
): number {
  let grown = 0;
  for (const [key, value] of before) {
    const names =
      change?.how === "rename"
        ? new Map([[change.vps, renamed(change.vps)]])
        : new Map<string, string>();
    const now = after.get(renamedKey(key, names));
    if (now === undefined) expect([key, change?.how]).toEqual([key, "archive"]);
    else if (now !== value && key === `lan/${grow?.agency}`) {
      expect(pairOf(now).ipv4.contains(pairOf(value).ipv4)).toBe(true);
      grown++;
    } else expect([key, now]).toEqual([key, value]);
  }
  return grown;
}

/** No two lines of one layer overlap, resting ones included. */
function expectApart(lines: ReadonlyMap<string, string>): void {
  const all = [...lines]
    .filter(([key]) => !isAsnKey(key))
    .map(([key, value]) => ({ key, pair: pairOf(value), layer: layerOf(key, pairOf(value)) }));
  for (const layer of ["aggregate", "network", "address"] as const)
    for (const family of ["ipv4", "ipv6"] as const) {
      const sorted = all
        .filter((each) => each.layer === layer)
        .toSorted((one, other) => (one.pair[family].first < other.pair[family].first ? -1 : 1));
      for (const [index, { key, pair }] of sorted.entries()) {
        const next = sorted[index + 1];
        if (next?.pair[family].overlaps(pair[family]) === true)
          throw new Error(`${key} and ${next.key} overlap in ${pair[family].text}`);
      }
    }
}

function pairOf(value: string): DualPrefix {
  const pair = parseLockValue(value);
  if (pair instanceof Fault) throw new Error(pair.what);
  return pair;
}
