import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode, type Scalar, type YAMLError, type YAMLMap } from "yaml";

import type { Diagnostic, Place } from "../core/diagnostic.ts";
import { YamlSource } from "./yaml-source.ts";

/** Every scalar is its text, as YAML's failsafe schema has it: no octal, no 33.10 that becomes 33.1, no `no` for false. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

export interface ParsedYaml {
  readonly source: YamlSource;
  readonly value: YamlValue;
}

const DEEPEST = 32;
const LONGEST_VALUE = 8192;
/** One slip can make a parser complain about every line after it. */
const MOST_SYNTAX_ERRORS = 3;

/** Third phase: text to values with places. Refuses the parts of YAML that hide things from a reader. */
export function parseYaml(file: string, text: string): ParsedYaml | Diagnostic[] {
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      schema: "failsafe",
      uniqueKeys: false, // the walk finds duplicates in linear time
      prettyErrors: false,
      logLevel: "error", // "silent" would also hide a second document
      lineCounter: lines,
    });
  } catch (error) {
    // The parser recurses: ten thousand brackets exhaust its stack before anyone could count them.
    if (error instanceof RangeError) return [tooDeep(placeOf(0))];
    throw error;
  }
  const { contents, errors, warnings } = document;
  const syntax = [
    ...errors,
    ...warnings.filter(({ code }) => code !== "TAG_RESOLVE_FAILED"), // the walk names every tag
  ];
  if (syntax.length > 0)
    return syntax.slice(0, MOST_SYNTAX_ERRORS).map((error) => syntaxError(placeOf(error.pos[0]), error));
  if (!contents || (isScalar(contents) && contents.value === ""))
    return [
      finding(
        placeOf(0),
        "file-empty",
        `${file} is empty`,
        "an empty file says nothing about what it is named for",
        "write it, or remove the file",
      ),
    ];
  const walk = new Walk(placeOf);
  const value = walk.valueOf(contents, 0);
  return walk.findings.length > 0 ? walk.findings : { source: new YamlSource(file, contents, lines), value };
}

class Walk {
  readonly findings: Diagnostic[] = [];

  constructor(private readonly placeOf: (offset: number) => Place) {}

  valueOf(node: ParsedNode | null, depth: number): YamlValue {
    if (node === null) return "";
    const place = this.placeOf(node.range[0]);
    if (isAlias(node) || node.anchor !== undefined) {
      this.#add(place, "yaml-alias", "an anchor (&) or alias (*) stands here", "an alias hides what a file says, and a few can grow into gigabytes", "write the value out");
      return "";
    }
    if (node.tag !== undefined) {
      this.#add(place, "yaml-tag", "a tag (!) stands here", "the kind of each value is fixed by the inventory, not by the file", "remove the tag");
      return "";
    }
    if (depth > DEEPEST) {
      this.findings.push(tooDeep(place));
      return "";
    }
    if (isMap(node)) return this.#mappingOf(node as YAMLMap.Parsed, depth);
    if (isSeq(node)) return node.items.map((item) => this.valueOf(item as ParsedNode, depth + 1));
    return this.#textOf(node, place);
  }

  #mappingOf(node: YAMLMap.Parsed, depth: number): YamlValue {
    // Without a prototype, so that a key named toString or __proto__ is a key like any other.
    const mapping = Object.create(null) as Record<string, YamlValue>;
    for (const { key, value } of node.items) {
      const place = this.placeOf(key.range[0]);
      if (!isScalar(key)) {
        this.#add(place, "yaml-key", "a list or mapping is used as a key", "keys are plain words", "write a word before the colon");
        continue;
      }
      const name = this.valueOf(key, depth + 1) as string;
      if (Object.hasOwn(mapping, name))
        this.#add(place, "duplicate-key", `${name} is written twice`, "only one of the two could count, and a reader cannot tell which", "keep one of them");
      else if (NOT_KEYS.has(name))
        this.#add(place, "yaml-key", `${name} is not a key`, "the word is reserved in the language Simpul is written in", "remove it");
      else mapping[name] = this.valueOf(value, depth + 1);
    }
    return mapping;
  }

  #textOf(node: Scalar.Parsed, place: Place): string {
    const text = String(node.value);
    if (text.length > LONGEST_VALUE)
      this.#add(place, "value-too-long", `a value of ${text.length} characters stands here`, `nothing in the inventory needs more than ${LONGEST_VALUE}`, "shorten it");
    else if (HIDDEN_CHARACTERS.test(text))
      this.#add(place, "control-character", "the value holds a line break or a character that cannot be seen", "it could hide text from a reader, or end a line in a configuration file", "write one line of visible characters");
    else if (/[$%]\{/.test(text))
      this.#add(place, "template-sequence", `the value holds ${text.includes("${") ? "${" : "%{"}`, "Terraform would read it as a template and run it, files and all", "write it without the brace");
    return text;
  }

  #add(...args: Parameters<typeof finding>): void {
    this.findings.push(finding(...args));
  }
}

/** valibot leaves these out of what it checks, so they must not get that far. */
const NOT_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** Controls, invisible format characters (bidirectional overrides among them), half characters, separators. */
const HIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

const SYNTAX_FIXES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "indent with spaces",
  BAD_INDENT: "put it under the first letter of the line it belongs to",
  MISSING_CHAR: "check that every quote, bracket and colon has its partner on this line or just above",
  BLOCK_AS_IMPLICIT_KEY: "put text with a colon in it in quotes",
  MULTILINE_IMPLICIT_KEY: "check the colon and the indentation of this line and the one above",
  BAD_SCALAR_START: "put the value in quotes",
};

function syntaxError(place: Place, { code, message }: YAMLError): Diagnostic {
  if (code === "MULTIPLE_DOCS")
    return finding(
      place,
      "several-documents",
      "a second document starts here",
      "one file describes one thing, and the second would be ignored",
      "remove the line ---, or make two files",
    );
  const [sentence = message] = message.split("\n");
  return finding(place, "yaml-syntax", `this is not YAML: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`, "a file that cannot be parsed says nothing", SYNTAX_FIXES[code] ?? "compare with a file beside it that works");
}

function tooDeep(place: Place): Diagnostic {
  return finding(place, "nested-too-deeply", `lists or mappings are nested more than ${DEEPEST} deep`, "nothing in the inventory needs that, and reading it could exhaust memory", "flatten it");
}

function finding(at: Place, id: string, what: string, why: string, fix: string): Diagnostic {
  return { id, severity: "error", at, what, why, fix };
}
