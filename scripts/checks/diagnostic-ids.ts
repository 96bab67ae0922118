import { nameOf, nodesOf, textOf, type Node } from "./source-rules.ts";

const KEBAB_CASE = /^[a-z]+(?:-(?:[a-z]+|\*))*$/;

/**
 * Ids of the diagnostics that a source file can give: of objects that have an `id` and say `why` or take it over, and
 * of calls that hand on an id before sentences: `error(at, "slug-form", "the slug …", …)`.
 */
export function diagnosticIds(file: string, text: string): readonly string[] {
  return nodesOf(file, text)
    .flatMap(idsIn)
    .filter((id) => KEBAB_CASE.test(id));
}

function idsIn(node: Node): readonly string[] {
  if (node.type === "ObjectExpression") {
    const properties = node["properties"] as readonly Node[];
    const named = new Map(properties.map((each) => [nameOf(each["key"]), each["value"]]));
    const says = named.has("why") || properties.some(({ type }) => type === "SpreadElement");
    return says ? texts(named.get("id")) : [];
  }
  if (node.type !== "CallExpression") return [];
  const given = node["arguments"] as readonly Node[];
  return given.flatMap((each, position) =>
    position > 0 && position + 2 < given.length && isSentence(given[position + 1])
      ? texts(each).filter((text) => text.includes("-"))
      : [],
  );
}

function isSentence(node: unknown): boolean {
  return texts(node).some((text) => text.includes(" "));
}

/** Text as it is written, of both branches of a choice; what is put into it at run time becomes `*`. */
function texts(node: unknown): readonly string[] {
  const text = textOf(node);
  if (text !== undefined) return [text];
  const { type, consequent, alternate, quasis } = (node ?? {}) as Partial<Node>;
  if (type === "TemplateLiteral") return [(quasis as readonly Node[]).map(textOf).join("*")];
  return type === "ConditionalExpression" ? [...texts(consequent), ...texts(alternate)] : [];
}
