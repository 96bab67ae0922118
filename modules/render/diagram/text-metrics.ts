/**
 * Width of a text in the widest fonts that people are likely to have (DejaVu Sans, Verdana). Whoever looks at the
 * picture has other fonts than Graphviz believes, so everything is made wide enough for any.
 * @param size of the font; the answer is in the same unit
 */
export function textWidth(text: string, size: number, bold = false): number {
  const ems = [...text].reduce((sum, character) => sum + known(character), 0);
  return ems * size * (bold ? BOLD : 1);
}

const BOLD = 1.13;

/** The same few characters are asked for tens of thousands of times. */
const KNOWN = new Map<string, number>();

function known(character: string): number {
  const ems = KNOWN.get(character) ?? emsOf(character);
  KNOWN.set(character, ems);
  return ems;
}

function emsOf(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  if (/\p{Extended_Pictographic}/u.test(character) && character > "\u00FF") return 1.4;
  if (character >= "\u1100" && !/[\u2000-\u2BFF]/.test(character)) return 1.1;
  if (/[ijlI.,:;'|!()[\] ]/.test(character)) return 0.4;
  if (/[frt\-/"]/.test(character)) return 0.45;
  if (/[mwMWQ%@&—…]/.test(character)) return 1;
  if (/[A-Z<>+=~^]/.test(character)) return 0.76;
  return character > "\u00FF" ? 0.9 : 0.64;
}

/**
 * Lines that fit into a width, broken at blanks; a longer word is broken where it must be. What does not fit into the
 * last line ends in an ellipsis.
 */
export function wrapped(
  text: string,
  { width, size, bold = false, lines: most = 3 }: Wrapping,
): readonly string[] {
  const fits = (line: string): boolean => textWidth(line, size, bold) <= width;
  const lines: string[] = [];
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, fits))) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  const last = [...lines[most - 1]!];
  while (last.length > 0 && !fits(`${last.join("")}…`)) last.pop();
  return [...lines.slice(0, most - 1), `${last.join("").trimEnd()}…`];
}

export interface Wrapping {
  readonly width: number;
  readonly size: number;
  readonly bold?: boolean;
  /** At most; 3 unless said. */
  readonly lines?: number;
}

/** A word cut so that each piece fits into a line of its own; never inside a character that is written with several. */
function pieces(word: string, fits: (text: string) => boolean): readonly string[] {
  const found: string[] = [""];
  for (const { segment } of GRAPHEMES.segment(word)) {
    const longer = found.at(-1)! + segment;
    if (found.at(-1) === "" || fits(longer)) found[found.length - 1] = longer;
    else found.push(segment);
  }
  return found;
}

const GRAPHEMES = new Intl.Segmenter("id", { granularity: "grapheme" });
