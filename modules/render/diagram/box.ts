import { COLOUR, SIZE } from "./look.ts";
import { labelText } from "./markup.ts";
import type { Mark } from "./live-words.ts";
import { wrapped } from "./text-metrics.ts";

/** Something with a name and a few facts, before it has a size. */
export interface BoxContent {
  readonly title: string;
  /** Below the title, in small print; each is wrapped. */
  readonly remarks?: readonly string[];
  /** At the right: the first at full size, the others small. They are never wrapped. */
  readonly values?: readonly string[];
  /** A head has a dark ground, and its title is bold. */
  readonly head?: boolean;
  readonly ground?: string;
  readonly border?: string;
  /** How it is, where that is known. */
  readonly mark?: Mark | undefined;
}

/** A box ready to be placed. Sizes are in points. */
export interface Box {
  /** HTML-like label without its brackets. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** From the top to the middle of the first line: where a line from elsewhere arrives. */
  readonly entry: number;
}

const BORDER = 1;
const PADDING = { side: 5, edge: 3.5 };
/** Graphviz' height of a line, in sizes of its font. */
const LINE = 1.2;
/** Boxes that carry a mark are so much wider. */
export const MARK_WIDTH = 16;

/** A box exactly as wide as asked, its border with it; as high as its texts need. `right` is the width of the values. */
export function boxOf(content: BoxContent, width: number, right = 0): Box {
  const { title, remarks = [], values = [], head = false, mark } = content;
  const markWidth = mark === undefined ? 0 : MARK_WIDTH;
  const left = width - 2 * BORDER - markWidth - (values.length > 0 ? right : 0);
  const room = left - 2 * PADDING.side;
  const titles = wrapped(title, { width: room, size: SIZE.text, bold: head, lines: 5 });
  const said = [...remarks, ...(mark === undefined || mark.said === "" ? [] : [mark.said])];
  const small = said.flatMap((remark) =>
    wrapped(remark, { width: room, size: SIZE.small, lines: 5 }),
  );
  const colour = head ? COLOUR.onDark : COLOUR.ink;
  const ground = groundOf(content);
  const height = Math.max(
    heightOf(titles.length, small.length),
    values.length > 0 ? heightOf(1, values.length - 1) : 0,
  );
  const cells = [
    ...(mark === undefined ? [] : [markCell(mark, height)]),
    cell(left, height, colour, head ? titles.map(boldText) : titles.map(labelText), small),
    ...(values.length === 0
      ? []
      : [cell(right, height, colour, [labelText(values[0]!)], values.slice(1))]),
  ];
  const border = content.border ?? (head ? ground : COLOUR.rule);
  return {
    label: `<table border="${BORDER}" color="${border}" bgcolor="${ground}" cellborder="0" cellspacing="0" cellpadding="0"><tr>${cells.join("")}</tr></table>`,
    width,
    height: height + 2 * BORDER,
    entry: BORDER + PADDING.edge + (SIZE.text * LINE) / 2,
  };
}

/** The head of what is down is red as a whole, to be seen from afar. */
function groundOf({ head = false, ground = COLOUR.paper, mark }: BoxContent): string {
  if (head) return mark?.level === "bad" ? COLOUR.badHead : ground;
  return mark?.ground ?? ground;
}

const BREAK = `<br align="left"/>`;

function heightOf(titles: number, small: number): number {
  const text = (titles * SIZE.text + small * SIZE.small) * LINE;
  return Math.ceil(text + 2 * PADDING.edge);
}

/**
 * Lines of one size in a cell of their own: with mixed sizes Graphviz sets the small ones too close. It stretches inner
 * cells over what is left of the height, so that is filled with empty lines.
 */
function cell(
  width: number,
  height: number,
  colour: string,
  lines: readonly string[],
  small: readonly string[],
): string {
  const part = (size: number, texts: readonly string[]): string =>
    texts.length === 0
      ? ""
      : `<tr><td align="left" balign="left" valign="top"><font point-size="${size}" color="${colour}">${texts.join(BREAK)}${BREAK}</font></td></tr>`;
  const left = (height - heightOf(lines.length, small.length)) / (SIZE.small * LINE);
  const filled = [...small.map(labelText), ...Array.from({ length: Math.floor(left) }, () => "")];
  return (
    `<td width="${width}" height="${height}" align="left" valign="top" cellpadding="${PADDING.edge}">` +
    `<table border="0" cellborder="0" cellspacing="0" cellpadding="0">${part(SIZE.text, lines)}${part(SIZE.small, filled)}</table></td>`
  );
}

function markCell({ sign, colour }: Mark, height: number): string {
  return (
    `<td width="${MARK_WIDTH}" height="${height}" bgcolor="${colour}" valign="top" cellpadding="${PADDING.edge}">` +
    `<font color="${COLOUR.onDark}">${sign}</font></td>`
  );
}

function boldText(text: string): string {
  return `<b>${labelText(text)}</b>`;
}
