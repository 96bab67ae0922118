import { isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair, type ParsedNode } from "yaml";

import type { Place } from "../core/diagnostic.ts";
import type { Origin } from "./model.ts";

export type Path = readonly (string | number)[];

/** A parsed file that remembers where each value stands. */
export class YamlSource implements Origin {
  constructor(
    readonly file: string,
    private readonly root: ParsedNode,
    private readonly lines: LineCounter,
    private readonly base: Path = [],
  ) {}

  at(...path: Path): Place {
    const { node } = this.#walk(path);
    return this.#placeOf(node);
  }

  /** Place of the key itself, where it exists: that is what a person must change when the key is wrong. */
  atKey(...path: Path): Place {
    const { node, key, isWhole } = this.#walk(path);
    return this.#placeOf(isWhole ? (key ?? node) : node);
  }

  /** True when the value is in quotes, or of several lines. */
  isQuoted(...path: Path): boolean {
    const { node } = this.#walk(path);
    return isScalar(node) && node.type !== "PLAIN";
  }

  /** The same file, with paths that start below: for one village of a list. */
  below(...path: Path): YamlSource {
    return new YamlSource(this.file, this.root, this.lines, [...this.base, ...path]);
  }

  /** As far down the path as the file goes. */
  #walk(path: Path): { node: Node; key: Node | undefined; isWhole: boolean } {
    let node: Node = this.root;
    let key: Node | undefined;
    for (const step of [...this.base, ...path]) {
      const child: Pair<Node, Node | null> | Node | undefined = childOf(node, step);
      if (child === undefined) return { node, key, isWhole: false };
      key = isPair(child) ? child.key : undefined;
      node = isPair(child) ? (child.value ?? child.key) : child;
    }
    return { node, key, isWhole: true };
  }

  #placeOf(node: Node): Place {
    const { line, col } = this.lines.linePos(node.range?.[0] ?? 0);
    return { file: this.file, line, column: col };
  }
}

function childOf(node: Node, step: string | number): Pair<Node, Node | null> | Node | undefined {
  if (isSeq<Node>(node)) return typeof step === "number" ? node.items[step] : undefined;
  if (isMap<Node, Node | null>(node))
    return node.items.find(({ key }) => isScalar(key) && key.value === step);
  return undefined;
}
