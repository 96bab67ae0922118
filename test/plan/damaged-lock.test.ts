import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Prefix } from "../../modules/core/prefix.ts";
import type { Lock } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { buildInventory, type Shape } from "./inventory-builder.ts";

const SHAPE: Shape = {
  pops: 3,
  lans: [24, 24, 25, 26, 27].map((length, index) => ({ length, pop: index % 3 })),
  vps: [0, 0, 1, 3],
};
const WHOLE = [...lockEntries(makePlan(buildInventory(SHAPE)).plan!)];

/** What a person or a bad merge does to lines: values change places, are repeated, moved by a few, or cut. */
const damage = fc.array(
  fc.tuple(
    fc.constantFrom("remove", "swap", "copy", "nudge", "nudge ipv6", "cut"),
    fc.nat({ max: WHOLE.length - 1 }),
    fc.nat({ max: WHOLE.length - 1 }),
  ),
  { minLength: 1, maxLength: 3 },
);

describe("a lock that was damaged", () => {
  it("gives findings with their lines, or a plan in which nothing is given twice", () => {
    let refused = 0;
    fc.assert(
      fc.property(damage, (changes) => {
        const { plan, findings } = makePlan(buildInventory(SHAPE, damaged(changes)));
        const errors = findings.filter(({ severity }) => severity === "error");
        expect(plan === undefined).toBe(errors.length > 0);
        if (plan === undefined) refused++;
        else expectNothingTwice(plan);
        for (const { what, why, fix } of errors)
          expect(`${what}${why}${fix}`).not.toMatch(/undefined/);
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(30);
  });
});

function damaged(changes: readonly (readonly [string, number, number])[]): Lock {
  const values = new Map(WHOLE);
  for (const [how, one, other] of changes) {
    const [key] = WHOLE[one]!;
    const alike = WHOLE.filter(([each]) => each !== key && kindOf(each) === kindOf(key));
    const [second] = alike[other % alike.length]!;
    const [value, theirs] = [values.get(key), values.get(second)];
    if (value === undefined || theirs === undefined) continue;
    if (how === "remove") values.delete(key);
    if (how === "swap") values.set(second, value);
    if (how === "swap" || how === "copy") values.set(key, theirs);
    if (how === "cut") values.set(key, value.slice(0, -1 - (other % value.length)));
    if (how === "nudge")
      values.set(
        key,
        value.replace(/\d+(?=$|\/| )/, () => String(other)),
      );
    if (how === "nudge ipv6") values.set(key, value.replace(/::[0-9a-f]*/, `::${other}`));
  }
  const entries = [...values].map(([key, value], index) => {
    const at = { file: "ip-plan.lock.yaml", line: index + 1, column: 1 };
    return [key, { value, at }] as const;
  });
  return { entries: new Map(entries) };
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

function expectNothingTwice({ allocations, asns, segments, routers }: KabupatenPlan): void {
  for (const family of ["ipv4", "ipv6"] as const) {
    const addresses = allocations.flatMap(({ at }) =>
      at[family] instanceof Prefix ? [] : [at[family].text],
    );
    expect(new Set(addresses).size).toBe(addresses.length);
    const networks = allocations.flatMap(({ at, kind }) => {
      const prefix = at[family];
      return prefix instanceof Prefix && kind !== "aggregate" ? [prefix] : [];
    });
    const overlapping = networks.filter((network, index) =>
      networks.slice(index + 1).some((other) => network.overlaps(other)),
    );
    expect(overlapping.map(({ text }) => text)).toEqual([]);
    const engines = segments.map(({ engineAddress }) => engineAddress[family].text);
    expect(addresses.filter((address) => engines.includes(address))).toEqual([]);
  }
  expect(new Set(asns.values()).size).toBe(asns.size);
  const outside = routers
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ address, prefix }) => !address.ipv4.isIn(prefix.ipv4));
  expect(outside).toEqual([]);
}
