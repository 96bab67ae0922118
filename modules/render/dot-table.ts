/** A line of a table in a diagram: what it is at the left, its prefixes or addresses at the right. */
export interface TableRow {
  readonly label: string;
  /** In small print below the label: `external router`. */
  readonly remark?: string;
  /** One line each. */
  readonly values: readonly string[];
  /** Background; white unless said. */
  readonly colour?: string;
}

export interface Table {
  readonly title: string;
  /** Below the title, in small print. */
  readonly remarks: readonly string[];
  /** Background of the title. */
  readonly colour: string;
  /** Colour of the title's text: at least 4.5 : 1 against the background (WCAG 1.4.3). */
  readonly textColour: string;
  readonly rows: readonly TableRow[];
}

const SIZE = { text: 11, small: 9 };
/** Characters of a line; longer texts are wrapped. */
const LINE_LENGTH = 30;
/**
 * Width of a character, in units of its size: that of a wide font. Whoever looks at the picture has other fonts than
 * Graphviz believes, so columns are made wide enough for any, and all text stands at the left of its column.
 */
const WIDTH = { text: 0.62, bold: 0.7, small: 0.6 };
const PADDING = 5;
const RULE = "#b0b0b0";

/** A table as an HTML-like label of Graphviz, in its brackets; edges attach to its port `head`. */
export function tableLabel({ title, remarks, colour, textColour, rows }: Table): string {
  const head = headLines(title, remarks);
  const left = columnWidth(rows.map(labelWidth));
  const right = columnWidth(rows.flatMap(({ values }) => values.map(textWidth)));
  const width = Math.max(left + right, columnWidth([headWidth(title, remarks)]));
  const cells = rows.map((row) => {
    const cell = `align="left" balign="left" sides="t" color="${RULE}" bgcolor="${row.colour ?? "white"}"`;
    return (
      `<tr><td ${cell} width="${left}">${labelLines(row)}</td>` +
      `<td ${cell} valign="top" width="${width - left}">${valueLines(row.values)}</td></tr>`
    );
  });
  return (
    `<<table border="1" color="${colour}" cellborder="1" cellspacing="0" cellpadding="${PADDING}" bgcolor="white">` +
    `<tr><td port="head" colspan="2" border="0" align="left" balign="left" bgcolor="${colour}" width="${width}">` +
    `<font color="${textColour}">${head}</font></td></tr>${cells.join("")}</table>>`
  );
}

/** Text from people as text of an HTML-like label, never as markup. */
export function escaped(text: string): string {
  return [...text]
    .map((character) => (character < " " ? " " : (ENTITIES.get(character) ?? character)))
    .join("");
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

const BREAK = "<br/>";

function headLines(title: string, remarks: readonly string[]): string {
  const lines = wrapped(title).map((line) => `<b>${escaped(line)}</b>`);
  return [...lines, ...remarks.map(small)].join(BREAK);
}

function labelLines({ label, remark }: TableRow): string {
  const remarks = remark === undefined ? [] : [small(remark)];
  return [...wrapped(label).map(escaped), ...remarks].join(BREAK);
}

/** The first at full size: IPv4, by which people know a network. */
function valueLines([first = "", ...others]: readonly string[]): string {
  return [escaped(first), ...others.map(small)].join(BREAK);
}

function small(text: string): string {
  return `<font point-size="${SIZE.small}">${escaped(text)}</font>`;
}

function columnWidth(texts: readonly number[]): number {
  return texts.length === 0 ? 0 : Math.ceil(Math.max(...texts)) + 2 * PADDING;
}

function headWidth(title: string, remarks: readonly string[]): number {
  const titles = wrapped(title).map((line) => line.length * SIZE.text * WIDTH.bold);
  return Math.max(...titles, ...remarks.map(smallWidth));
}

function labelWidth({ label, remark = "" }: TableRow): number {
  const lines = wrapped(label).map((line) => line.length * SIZE.text * WIDTH.text);
  return Math.max(...lines, smallWidth(remark));
}

function textWidth(value: string, index: number): number {
  return index === 0 ? value.length * SIZE.text * WIDTH.text : smallWidth(value);
}

function smallWidth(text: string): number {
  return text.length * SIZE.small * WIDTH.small;
}

/** At blanks, into lines that fit beside each other; a single longer word stays whole. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LENGTH)
      lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}
