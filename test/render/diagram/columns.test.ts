import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { GAP, intoColumns, type Group } from "../../../modules/render/diagram/columns.ts";

const groups = fc.array(
  fc.record({
    head: fc.integer({ min: 20, max: 60 }),
    continued: fc.constant(20),
    children: fc.array(fc.integer({ min: 20, max: 80 }), { maxLength: 30 }),
  }),
  { minLength: 1, maxLength: 20 },
);

describe("intoColumns", () => {
  it("places every child once, in its order, behind no head that stands alone", () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 8 }), (all, most) => {
        const { columns } = intoColumns(all, most);
        const parts = columns.flat();
        for (const [index, { children }] of all.entries()) {
          const own = parts.filter(({ group }) => group === index);
          expect(own.map(({ first }) => first)).toEqual(own.map((_, at) => at === 0));
          expect(own.flatMap(({ from, to }) => range(from, to))).toEqual(range(0, children.length));
          expect(children.length === 0 || own.every(({ from, to }) => to > from)).toBe(true);
        }
        expect(parts.map(({ group }) => group)).toEqual(
          parts.map(({ group }) => group).toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it("keeps to its number of columns, and to its height", () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 8 }), (all, most) => {
        const { columns, height } = intoColumns(all, most);
        expect(columns.length).toBeLessThanOrEqual(most);
        for (const parts of columns) {
          const ends = parts.map((part) => part.y + heightOf(all[part.group]!, part));
          for (const [at, { y }] of parts.entries())
            expect(y).toBe(at === 0 ? 0 : ends[at - 1]! + GAP.group);
          expect(Math.max(...ends)).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  it("is no higher with a column more", () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 7 }), (all, most) => {
        expect(intoColumns(all, most + 1).height).toBeLessThanOrEqual(
          intoColumns(all, most).height,
        );
      }),
    );
  });
});

function heightOf(
  { head, continued, children }: Group,
  { first, from, to }: { readonly first: boolean; readonly from: number; readonly to: number },
): number {
  return children
    .slice(from, to)
    .reduce((sum, child) => sum + GAP.child + child, first ? head : continued);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
