import type { Box } from "./box.ts";
import type { Mark } from "./live-words.ts";
import { COLOUR, FONT, SIZE } from "./look.ts";
import { attributes, labelText, quoted } from "./markup.ts";

/** A point of the sheet, in points from its upper left corner. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface LineStyle {
  readonly colour: string;
  /** Radio is dashed. */
  readonly dashed?: boolean;
  readonly width?: number;
  /** A sign near its beginning. */
  readonly sign?: string;
}

const SIGN_AT = 8;

/** A sheet on which everything has its place: Graphviz only draws (its engine `nop2`). */
export class Canvas {
  readonly #nodes: string[] = [];
  readonly #edges: string[] = [];
  readonly #grounds: string[] = [];

  /** `id` becomes the title that a pointer shows; at its upper left corner. */
  box(id: string, { x, y }: Spot, { label, width, height }: Box): void {
    const pos = position({ x: x + width / 2, y: y + height / 2 });
    this.#nodes.push(
      `${quoted(id)} ${attributes({ label, pos, width: inches(width), height: inches(height) })}`,
    );
  }

  /** A panel behind everything else. */
  ground(id: string, { x, y }: Spot, width: number, height: number): void {
    const pos = position({ x: x + width / 2, y: y + height / 2 });
    const shape = { shape: "box", style: "rounded,filled", fillcolor: COLOUR.panel };
    const size = { width: inches(width), height: inches(height), color: COLOUR.rule };
    this.#grounds.push(`${quoted(id)} ${attributes({ label: "", pos, ...shape, ...size })}`);
  }

  /** A line of text whose left end and middle are there. */
  text(id: string, { x, y }: Spot, text: string, size: number, width: number, bold = false): void {
    const words = bold ? `<b>${labelText(text)}</b>` : labelText(text);
    const label =
      `<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr><td width="${Math.ceil(width)}" align="left" balign="left">` +
      `<font point-size="${size}">${words}<br align="left"/></font></td></tr></table>`;
    const pos = position({ x: x + width / 2, y });
    this.#nodes.push(`${quoted(id)} ${attributes({ label, pos })}`);
  }

  /** A sign on its colour, its left end and middle there. */
  sign(id: string, { x, y }: Spot, { sign, colour }: Mark): void {
    const label =
      `<table border="0" cellborder="0" cellspacing="0" cellpadding="2" bgcolor="${colour}"><tr><td width="18">` +
      `<font color="${COLOUR.onDark}">${sign}</font></td></tr></table>`;
    this.#nodes.push(`${quoted(id)} ${attributes({ label, pos: position({ x: x + 9, y }) })}`);
  }

  /** Where lines meet: without it they only cross. */
  junction(id: string, spot: Spot, colour: string): void {
    const look = { shape: "circle", style: "filled", label: "", color: colour, fillcolor: colour };
    const size = { fixedsize: "true", width: inches(6), height: inches(6) };
    this.#nodes.push(`${quoted(id)} ${attributes({ ...look, ...size, pos: position(spot) })}`);
  }

  /** A line through these points, between two nodes that are there. */
  line(from: string, to: string, through: readonly Spot[], style: LineStyle): void {
    const [first, ...rest] = through;
    let at = first!;
    const signed = { x: at.x + Math.min(SIGN_AT, ((rest[0]?.x ?? at.x) - at.x) / 2), y: at.y };
    const pos = [position(at)];
    for (const next of rest) {
      pos.push(position(at), position(next), position(next));
      at = next;
    }
    this.#edges.push(
      `${quoted(from)} -- ${quoted(to)} ${attributes({
        pos: pos.join(" "),
        color: style.colour,
        style: style.dashed === true ? "dashed" : undefined,
        penwidth: style.width ?? 1.6,
        ...(style.sign !== undefined && {
          label: `<b>${labelText(style.sign)}</b>`,
          lp: position(signed),
        }),
      })}`,
    );
  }

  /** In Graphviz' language; `name` is a plain word. */
  toDot(name: string): string {
    const lines = [
      `graph [bgcolor="${COLOUR.paper}", pad="0.15", outputorder="nodesfirst"];`,
      `node [shape=plain, margin=0, fontname="${FONT}", fontsize=${SIZE.text}, fontcolor="${COLOUR.ink}"];`,
      `edge [fontname="${FONT}", fontsize=${SIZE.text + 2}, fontcolor="${COLOUR.ink}"];`,
      ...this.#grounds,
      ...this.#nodes,
      ...this.#edges,
    ];
    return `graph ${name} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}\n`;
  }
}

/** Graphviz counts from the lower left. */
function position({ x, y }: Spot): string {
  return `${rounded(x)},${rounded(-y)}`;
}

function inches(points: number): string {
  return (points / 72).toFixed(4);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
