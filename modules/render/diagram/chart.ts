import type { Box } from "./box.ts";
import { COLOUR, FONT, SIZE } from "./look.ts";
import { attributes, labelText, quoted } from "./markup.ts";
import { textWidth } from "./text-metrics.ts";

export interface EdgeStyle {
  readonly colour?: string;
  readonly dashed?: boolean;
  readonly width?: number;
  /** At the far end; without it the line has no direction. */
  readonly arrow?: boolean;
  /** Lines of small print beside it. */
  readonly said?: readonly string[];
  /** Seen by Graphviz only: it keeps two boxes in neighbouring columns. */
  readonly hidden?: boolean;
}

/** A small picture whose places Graphviz finds (its engine `dot`), from the left to the right. */
export class Chart {
  readonly #lines: string[] = [];

  /** `id` becomes the title that a pointer shows. */
  box(id: string, { label, width, height }: Box): void {
    const size = { width: (width / 72).toFixed(4), height: (height / 72).toFixed(4) };
    this.#lines.push(`${quoted(id)} ${attributes({ label, ...size })}`);
  }

  /** Boxes that stand one below the other. */
  column(...ids: readonly string[]): void {
    this.#lines.push(`{ rank=same; ${ids.map((id) => quoted(id)).join("; ")} }`);
  }

  edge(from: string, to: string, style: EdgeStyle = {}): void {
    const { colour = COLOUR.muted, dashed, width = 1.6, arrow, said = [], hidden } = style;
    const words = said.map((line) => `${labelText(line)}<br align="left"/>`).join("");
    const room = Math.ceil(Math.max(0, ...said.map((line) => textWidth(line, SIZE.small))));
    this.#lines.push(
      `${quoted(from)} -> ${quoted(to)} ${attributes({
        color: colour,
        penwidth: width,
        dir: arrow === true ? undefined : "none",
        style: hidden === true ? "invis" : dashed === true ? "dashed" : undefined,
        label:
          words === ""
            ? undefined
            : `<table border="0" cellborder="0" cellspacing="0" cellpadding="2"><tr><td width="${room + 4}" align="left" balign="left">${words}</td></tr></table>`,
      })}`,
    );
  }

  /** In Graphviz' language; `name` is a plain word, `heading` the title and what stands below it. */
  toDot(name: string, [title, ...remarks]: readonly [string, ...string[]]): string {
    const heading =
      `<font point-size="${SIZE.title}"><b>${labelText(title)}</b></font><br align="left"/>` +
      remarks.map((remark) => `${labelText(remark)}<br align="left"/>`).join("");
    const lines = [
      `graph [rankdir=LR, bgcolor="${COLOUR.paper}", pad="0.15", nodesep="0.25", ranksep="0.3", labelloc=t, labeljust=l, fontname="${FONT}", fontsize=${SIZE.text}, fontcolor="${COLOUR.ink}", label=<${heading}<br/>>];`,
      `node [shape=plain, margin=0, fontname="${FONT}", fontsize=${SIZE.text}, fontcolor="${COLOUR.ink}"];`,
      `edge [fontname="${FONT}", fontsize=${SIZE.small}, fontcolor="${COLOUR.ink}", arrowsize="0.7"];`,
      ...this.#lines,
    ];
    return `digraph ${name} {\n${lines.map((line) => `  ${line}`).join("\n")}\n}\n`;
  }
}
