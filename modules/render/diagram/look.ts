/** Colours by meaning: dark variants of Okabe and Ito's, which the colour-blind tell apart. */
export const COLOUR = {
  paper: "#ffffff",
  ink: "#1b1b1b",
  muted: "#555555",
  rule: "#b0b0b0",
  panel: "#f5f5f1",
  /** Text on a dark ground, on either theme. */
  onDark: "#fefefe",
  core: "#005a8c",
  pop: "#00624a",
  gateway: "#9c4000",
  agency: "#444c56",
  external: "#5b3a8c",
  segment: "#f0e4c0",
  good: "#1a7f37",
  partly: "#8f5f00",
  bad: "#b42318",
  idle: "#626a73",
  partlyGround: "#fff1cc",
  badGround: "#fde4e1",
  badHead: "#7d1a12",
} as const;

/** Lines of the backbone segments, by their order; further ones begin again. */
export const BACKBONES = [
  { line: "#0b57a4", ground: "#d9e8f7" },
  { line: "#8a2b8a", ground: "#f1ddf1" },
  { line: "#6b5900", ground: "#ece6c4" },
] as const;

export const FONT = "Helvetica,Arial,sans-serif";
export const SIZE = { title: 15, text: 11, small: 9 } as const;

/** What a colour becomes on a dark screen; all others stay: they carry light text, or are lines. */
const DARK_FILL: Readonly<Record<string, string>> = {
  [COLOUR.paper]: "#15181b",
  [COLOUR.ink]: "#ececec",
  [COLOUR.muted]: "#b9bdc2",
  [COLOUR.panel]: "#20252a",
  [COLOUR.segment]: "#453b1a",
  [COLOUR.partlyGround]: "#463608",
  [COLOUR.badGround]: "#55201a",
  [BACKBONES[0].ground]: "#16324f",
  [BACKBONES[1].ground]: "#43204a",
  [BACKBONES[2].ground]: "#3b3410",
};
const DARK_STROKE: Readonly<Record<string, string>> = {
  [COLOUR.rule]: "#5f666d",
  [COLOUR.ink]: "#ececec",
  [COLOUR.muted]: "#b9bdc2",
  [COLOUR.core]: "#4ba3d8",
  [COLOUR.pop]: "#39a986",
  [COLOUR.gateway]: "#e08a4b",
  [COLOUR.external]: "#a98be0",
  [COLOUR.good]: "#46b862",
  [COLOUR.partly]: "#e0a52c",
  [COLOUR.bad]: "#ff7a6b",
  [BACKBONES[0].line]: "#6fb1f5",
  [BACKBONES[1].line]: "#dd86dd",
  [BACKBONES[2].line]: "#d0ba4a",
};

/** Graphviz writes colours as attributes; a style sheet that knows them turns the picture dark where the screen is. */
export function themeStyle(): string {
  const rules = (property: "fill" | "stroke", colours: Readonly<Record<string, string>>): string =>
    Object.entries(colours)
      .map(([light, dark]) => `.simpul-diagram [${property}="${light}"]{${property}:${dark}}`)
      .join("");
  // A junction is filled with the colour of its line, as the head of an arrow is.
  const junctions = Object.fromEntries(
    BACKBONES.map(({ line }) => [line, DARK_STROKE[line]!] as const),
  );
  return `@media screen and (prefers-color-scheme:dark){${rules("fill", { ...DARK_FILL, ...junctions })}${rules("stroke", DARK_STROKE)}}`;
}
