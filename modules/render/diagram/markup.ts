/** Text from people as text of an HTML-like label, where Graphviz would put the name of the node for `\N`. */
export function labelText(text: string): string {
  return escaped(text).replaceAll("\\", "\\\\");
}

/** Text from people as text of XML, never as markup; what XML cannot hold becomes a blank. */
export function escaped(text: string): string {
  return text
    .replaceAll(UNPRINTABLE, " ")
    .replaceAll(/[&<>"]/g, (character) => ENTITIES.get(character)!);
}

/** Control characters, halves of characters, noncharacters, and what turns the direction of the text behind it. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Bidi_Control}]/gu;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

/** A name or a value in Graphviz' language, in its quotes. */
export function quoted(text: string | number): string {
  return `"${String(text).replaceAll(/["\\]/g, "\\$&")}"`;
}

/** `[a="1", b="2"]`; what is undefined is left out, an HTML-like label stands in its own brackets. */
export function attributes(of: Readonly<Record<string, string | number | undefined>>): string {
  const written = Object.entries(of)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => `${key}=${key === "label" ? `<${value}>` : quoted(value)}`);
  return `[${written.join(", ")}]`;
}
