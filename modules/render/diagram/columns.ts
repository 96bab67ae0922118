/** A head and what hangs on it; heights are in points. */
export interface Group {
  readonly head: number;
  /** The small head under which it goes on in the next column. */
  readonly continued: number;
  readonly children: readonly number[];
}

/** Some children of a group, in one column. */
export interface Part {
  /** Index of the group. */
  readonly group: number;
  /** Whether it begins here, or goes on. */
  readonly first: boolean;
  /** Children from here to before there. */
  readonly from: number;
  readonly to: number;
  /** From the top of the column. */
  readonly y: number;
}

export const GAP = { child: 3, group: 12 } as const;

/**
 * Groups into columns like the text of a newspaper: in their order, a long one goes on in the next column, and no head
 * stands at a foot alone. At most so many columns, as low as they can be.
 */
export function intoColumns(
  groups: readonly Group[],
  columns: number,
): { readonly columns: readonly (readonly Part[])[]; readonly height: number } {
  let low = 0;
  let high = groups.reduce((sum, group) => sum + wholeHeight(group) + GAP.group, 1);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (filled(groups, middle).columns.length <= columns) high = middle;
    else low = middle + 1;
  }
  return filled(groups, high);
}

function wholeHeight({ head, children }: Group): number {
  return children.reduce((sum, child) => sum + GAP.child + child, head);
}

/** Columns that end at this height where they can; a head with its first child is never parted. */
function filled(
  groups: readonly Group[],
  limit: number,
): { readonly columns: readonly (readonly Part[])[]; readonly height: number } {
  const columns: Part[][] = [[]];
  let y = 0;
  let height = 0;
  let full = false;
  for (const [index, group] of groups.entries()) {
    let from = 0;
    do {
      const first = from === 0;
      const head = first ? group.head : group.continued;
      const least = head + (group.children.length > 0 ? GAP.child + group.children[from]! : 0);
      if (full || (y > 0 && y + GAP.group + least > limit)) {
        columns.push([]);
        y = 0;
      }
      const top = y === 0 ? 0 : y + GAP.group;
      y = top + least;
      let to = Math.min(from + 1, group.children.length);
      while (to < group.children.length && y + GAP.child + group.children[to]! <= limit)
        y += GAP.child + group.children[to++]!;
      columns.at(-1)!.push({ group: index, first, from, to, y: top });
      height = Math.max(height, y);
      from = to;
      full = from < group.children.length;
    } while (from < group.children.length);
  }
  return { columns, height };
}
