import type { Place } from "../core/diagnostic.ts";
import type { Origin } from "./model.ts";
import type { LineIndex, YamlEntry, YamlNode } from "./yaml-tree.ts";

export type Path = readonly (string | number)[];

/** A parsed file that remembers where each value stands. */
export class YamlSource implements Origin {
  constructor(
    private readonly root: YamlNode,
    private readonly lines: LineIndex,
    private readonly base: Path = [],
  ) {}

  get file(): string {
    return this.at().file;
  }

  at(...path: Path): Place {
    return this.lines.placeOf(this.#walk(path).node.offset);
  }

  /** Place of the key itself, where it exists: that is what a person must change when the key is wrong. */
  atKey(...path: Path): Place {
    const { node, keyOffset } = this.#walk(path);
    return this.lines.placeOf(keyOffset ?? node.offset);
  }

  isQuoted(...path: Path): boolean {
    const { node } = this.#walk(path);
    return node.kind === "scalar" && node.isQuoted;
  }

  /** The same file, with paths that start below: for one village of a list. */
  below(...path: Path): YamlSource {
    return new YamlSource(this.root, this.lines, [...this.base, ...path]);
  }

  /** As far down the path as the file goes; the key's offset only when it goes all the way. */
  #walk(path: Path): { readonly node: YamlNode; readonly keyOffset?: number } {
    let reached: Pick<YamlEntry, "node"> & Partial<YamlEntry> = { node: this.root };
    for (const step of [...this.base, ...path]) {
      const child = childOf(reached.node, step);
      if (child === undefined) return { node: reached.node };
      reached = child;
    }
    return reached;
  }
}

function childOf(
  node: YamlNode,
  step: string | number,
): (Pick<YamlEntry, "node"> & Partial<YamlEntry>) | undefined {
  if (node.kind === "mapping") return node.entries.get(String(step));
  const item = node.kind === "sequence" ? node.items[Number(step)] : undefined;
  return item && { node: item };
}
