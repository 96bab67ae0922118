import { COLOUR, FONT, SIZE, themeStyle } from "./look.ts";
import { escaped } from "./markup.ts";

/** A rectangle in pixels from the upper left corner of a picture. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface AreaStyle {
  readonly fill: string;
  readonly stroke?: string;
  readonly dashed?: boolean;
}

export function area(
  { x, y, width, height }: Area,
  { fill, stroke = "none", dashed = false }: AreaStyle,
): string {
  const dashes = dashed ? ' stroke-width="1.6" stroke-dasharray="5 3"' : "";
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" stroke="${stroke}"${dashes}/>`;
}

export interface TextStyle {
  readonly fill?: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: "start" | "middle" | "end";
}

/** One line of text from people, whose base line begins, has its middle or ends at `x`. */
export function textAt(
  { x, y }: Pick<Area, "x" | "y">,
  text: string,
  { fill = COLOUR.ink, size = SIZE.text, bold = false, anchor = "start" }: TextStyle = {},
): string {
  if (text === "") return "";
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}"${weight} text-anchor="${anchor}">${escaped(text)}</text>`;
}

/** What belongs together, with what a pointer shows over it. */
export function titled(title: string, parts: readonly string[]): string {
  return `<g><title>${escaped(title)}</title>${parts.join("")}</g>`;
}

/** A whole picture, with a title and a description for those who do not see it, light or dark as the screen is. */
export function svgSheet(
  { width, height }: Pick<Area, "width" | "height">,
  { title, description }: { readonly title: string; readonly description: string },
  parts: readonly string[],
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" class="simpul-diagram" role="img" font-family="${FONT}">
<title>${escaped(title)}</title>
<desc>${escaped(description)}</desc>
<style>${themeStyle()}</style>
${area({ x: 0, y: 0, width, height }, { fill: COLOUR.paper })}
${parts.join("\n")}
</svg>
`;
}
