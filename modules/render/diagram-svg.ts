/** Draws a diagram in Graphviz' language as SVG; throws when the text is not of that language, which is our mistake. */
export async function diagramSvg(dot: string): Promise<string> {
  // A megabyte of WebAssembly that only this needs.
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  return viz.renderString(dot, { format: "svg", engine: "dot" });
}
