import { themeStyle } from "./look.ts";
import { escaped } from "./markup.ts";
import type { Picture } from "./picture.ts";

/**
 * Draws a picture as SVG that stands alone or inside a page: with a title and a description, light or dark as the
 * screen is, without a document type, an id that could meet another, or a script. Throws when Graphviz cannot read
 * the text, which is our mistake.
 */
export async function diagramSvg({ dot, engine, title, description }: Picture): Promise<string> {
  // A megabyte of WebAssembly that only this needs.
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const drawn = viz.renderString(dot, { format: "svg", engine });
  const [, size, content] = /<svg ([^>]*)>([^]*)<\/svg>/.exec(drawn)!;
  const anonymous = content!
    .replaceAll(/<(g|a) id="[^"]*"/g, "<$1")
    .replaceAll(/<!--[^]*?-->\n/g, "");
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg ${size!.replaceAll(/\s+/g, " ")} class="simpul-diagram" role="img">
<title>${escaped(title)}</title>
<desc>${escaped(description)}</desc>
<style>${themeStyle()}</style>${anonymous}</svg>
`;
}
