import { Composer, isScalar, Parser, type CST } from "yaml";

import { errorAt, type Diagnostic, type Place } from "../core/diagnostic.ts";
import { treeOf } from "./full-yaml-tree.ts";
import { syntaxErrors } from "./yaml-syntax-error.ts";
import { MOST_FINDINGS_OF_A_FILE, type YamlNode } from "./yaml-tree.ts";

const DEEPEST = 32;
/** Duplicates are left to treeOf, which finds them in linear time. */
const OPTIONS = { schema: "failsafe", uniqueKeys: false } as const;

interface ReadYaml {
  /** Absent when there is a finding. */
  readonly root?: YamlNode;
  readonly findings: Diagnostic[];
}

/** Any YAML, by the library; refuses the parts of YAML that hide things from a reader. */
export function readYaml(file: string, text: string, placeOf: (offset: number) => Place): ReadYaml {
  const tokens = [...new Parser().parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { findings: [nestedTooDeeply(placeOf(deep.offset))] };
  const directive = tokens.find(({ type }) => type === "directive");
  if (directive !== undefined) return { findings: [yamlDirective(placeOf(directive.offset))] };
  const documents = [...new Composer(OPTIONS).compose(tokens, true, text.length)];
  const syntax = documents.flatMap(({ errors, warnings }) => [
    ...errors,
    ...warnings.filter(({ code }) => code !== "TAG_RESOLVE_FAILED"), // treeOf names every tag
  ]);
  if (syntax.length > 0)
    return {
      findings: syntaxErrors(
        text,
        syntax.map(({ pos, code, message }) => ({ at: placeOf(pos[0]), code, message })),
      ),
    };
  const [{ contents } = { contents: null }, second] = documents;
  if (second !== undefined) return { findings: [severalDocuments(placeOf(second.range[0]))] };
  if (!contents || (isScalar(contents) && contents.value === ""))
    return { findings: [empty(file)] };
  const { root, findings } = treeOf(contents, text, placeOf);
  return findings.length > 0
    ? { findings: findings.slice(0, MOST_FINDINGS_OF_A_FILE) }
    : { root, findings };
}

/**
 * The first collection nested too deeply. Asked before composing, which recurses: ten thousand brackets exhaust its
 * stack, and node then dies without an exception.
 */
function tooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST) return token;
    if (token.type === "document" && token.value) open.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items as readonly CST.CollectionItem[])
      for (const inner of [key, value]) if (inner) open.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function yamlDirective(place: Place): Diagnostic {
  return errorAt(
    place,
    "yaml-directive",
    "a directive (%) stands here",
    "it can change what the rest of the file means to a program, and not to its reader",
    "remove the line, and the line --- below it",
  );
}

function nestedTooDeeply(place: Place): Diagnostic {
  return errorAt(
    place,
    "nested-too-deeply",
    `lists or mappings are nested more than ${DEEPEST} deep`,
    "nothing in the inventory needs that, and reading it could exhaust memory",
    "flatten it",
  );
}

function severalDocuments(place: Place): Diagnostic {
  return errorAt(
    place,
    "several-documents",
    "a second document starts here",
    "one file describes one thing, and the second would be ignored",
    "remove the line --- or ... before it, or make two files",
  );
}

function empty(file: string): Diagnostic {
  return errorAt(
    { file, line: 1, column: 1 },
    "file-empty",
    `${file} is empty`,
    "an empty file says nothing about what it is named for",
    "write it, or remove the file",
  );
}
