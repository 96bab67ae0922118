import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from "yaml";

import { errorAt, type Diagnostic, type Place } from "../core/diagnostic.ts";
import { LONGEST_VALUE, NOT_KEYS, type YamlEntry, type YamlNode } from "./yaml-tree.ts";

/** The library's nodes as ours, and a finding for each thing that hides something from a reader. */
export function treeOf(
  root: ParsedNode,
  text: string,
  placeOf: (offset: number) => Place,
): { root: YamlNode; findings: Diagnostic[] } {
  const walk = new Walk(text, placeOf);
  return { root: walk.nodeOf(root), findings: walk.findings };
}

class Walk {
  readonly findings: Diagnostic[] = [];

  constructor(
    private readonly text: string,
    private readonly placeOf: (offset: number) => Place,
  ) {}

  nodeOf(node: ParsedNode | null, keyOffset = 0): YamlNode {
    if (node === null) return emptyAt(keyOffset);
    const offset = node.range[0];
    const place = this.placeOf(offset);
    const property = (): Place => this.placeOf(this.#startOfProperties(offset));
    if (isAlias(node) || node.anchor !== undefined) {
      this.#add(
        property(),
        "yaml-alias",
        "an anchor (&) or alias (*) stands here",
        "an alias hides what a file says, and a few can grow into gigabytes",
        "write the value out",
      );
      return emptyAt(offset);
    }
    if (node.tag !== undefined) {
      this.#add(
        property(),
        "yaml-tag",
        "a tag (!) stands here",
        "the kind of each value is fixed by the inventory, not by the file",
        "remove the tag",
      );
      return emptyAt(offset);
    }
    if (isMap(node)) return this.#mappingOf(node);
    if (isSeq(node))
      return {
        kind: "sequence",
        offset,
        items: node.items.map((item) => this.nodeOf(item, offset)),
      };
    const isQuoted = node.type !== "PLAIN";
    return { kind: "scalar", offset, text: this.#textOf(node, place), isQuoted };
  }

  /** The library's range of a node leaves out the anchor and tag before it. */
  #startOfProperties(offset: number): number {
    const before = this.text.slice(Math.max(0, offset - LONGEST_VALUE), offset);
    return offset - (/(?:[!&]\S*[ \t]+){1,2}$/.exec(before)?.[0].length ?? 0);
  }

  #mappingOf(node: YAMLMap.Parsed): YamlNode {
    const entries = new Map<string, YamlEntry>();
    for (const { key, value } of node.items) {
      const keyOffset = key.range[0];
      const place = this.placeOf(keyOffset);
      if (!isScalar(key)) {
        this.#add(
          place,
          "yaml-key",
          "a list or mapping is used as a key",
          "keys are plain words",
          "write a word before the colon",
        );
        continue;
      }
      const named = this.nodeOf(key);
      const name = named.kind === "scalar" ? named.text : "";
      if (entries.has(name))
        this.#add(
          place,
          "duplicate-key",
          `${name} is written twice`,
          "only one of the two could count, and a reader cannot tell which",
          "keep one of them",
        );
      else if (NOT_KEYS.has(name))
        this.#add(
          place,
          "yaml-key",
          `${name} is not a key`,
          "the word is reserved in the language Simpul is written in",
          "remove it",
        );
      else entries.set(name, { keyOffset, node: this.nodeOf(value, keyOffset) });
    }
    return { kind: "mapping", offset: node.range[0], entries };
  }

  #textOf(node: Scalar.Parsed, place: Place): string {
    const text = String(node.value);
    if (text.length > LONGEST_VALUE)
      this.#add(
        place,
        "value-too-long",
        `a value of ${text.length} characters stands here`,
        `nothing in the inventory needs more than ${LONGEST_VALUE}`,
        "shorten it",
      );
    else if (HIDDEN_CHARACTERS.test(text))
      this.#add(
        place,
        "control-character",
        "the value holds a line break or a character that cannot be seen",
        "it could hide text from a reader, or end a line in a configuration file",
        "write one line of visible characters",
      );
    else if (/[$%]\{/.test(text))
      this.#add(
        place,
        "template-sequence",
        `${text.includes("${") ? "${" : "%{"} stands here`,
        "Terraform would read it as a template and run it, files and all",
        "write it without the brace",
      );
    return text;
  }

  #add(...args: Parameters<typeof errorAt>): void {
    this.findings.push(errorAt(...args));
  }
}

/** Controls, invisible format characters (bidirectional overrides among them), half characters, separators. */
const HIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

function emptyAt(offset: number): YamlNode {
  return { kind: "scalar", offset, text: "", isQuoted: false };
}
