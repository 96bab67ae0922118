import type { Box } from "./box.ts";
import type { Canvas, LineStyle, Spot } from "./canvas.ts";
import { GAP, type Group, type Part } from "./columns.ts";

/** A router with what hangs on it by one segment: a POP with its agencies, a gateway with its servers. */
export interface Tree {
  readonly id: string;
  readonly head: Box;
  readonly continued: Box;
  readonly children: readonly Leaf[];
  /** Of the segment between them. */
  readonly line: LineStyle;
}

export interface Leaf {
  readonly id: string;
  readonly box: Box;
  /** Its own stretch of the line: its state shows there. */
  readonly line: LineStyle;
}

export const INDENT = 20;
const LINE_AT = 9;

export function groupOf({ head, continued, children }: Tree): Group {
  return {
    head: head.height,
    continued: continued.height,
    children: children.map(({ box }) => box.height),
  };
}

/** Draws a part of a tree with its upper left corner there; gives the height at which its head is reached. */
export function drawTree(
  canvas: Canvas,
  { id, head, continued, children, line }: Tree,
  part: Part,
  { x, y }: Spot,
): { readonly id: string; readonly y: number } {
  const top = part.first ? head : continued;
  const headId = part.first ? id : `${id}, continued at ${part.from + 1}`;
  canvas.box(headId, { x, y }, top);
  let at = y + top.height;
  let begun = at;
  for (const leaf of children.slice(part.from, part.to)) {
    at += GAP.child;
    canvas.box(leaf.id, { x: x + INDENT, y: at }, leaf.box);
    const entry = at + leaf.box.entry;
    const turn = { x: x + LINE_AT, y: entry };
    canvas.line(headId, leaf.id, [{ x: x + LINE_AT, y: begun }, turn], line);
    canvas.line(headId, leaf.id, [turn, { x: x + INDENT, y: entry }], leaf.line);
    begun = entry;
    at += leaf.box.height;
  }
  return { id: headId, y: y + top.entry };
}
