import type { Place } from "../core/diagnostic.ts";

/**
 * A file's values and where they stand, as offsets into its text. Every scalar is its text, as YAML's failsafe schema
 * has it: no octal, no 33.10 that becomes 33.1, no `no` for false.
 */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

export interface YamlScalar {
  readonly kind: "scalar";
  readonly offset: number;
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface YamlSequence {
  readonly kind: "sequence";
  readonly offset: number;
  readonly items: readonly YamlNode[];
}

export interface YamlMapping {
  readonly kind: "mapping";
  readonly offset: number;
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlEntry {
  readonly keyOffset: number;
  readonly node: YamlNode;
}

export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** valibot leaves these out of what it checks, so they must not get that far. */
export const NOT_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** A file of fifty thousand mistakes is one mistake; a person mends the first of them and looks again. */
export const MOST_FINDINGS_OF_A_FILE = 50;
/** In characters; the longest SSH key has some 2,800. */
export const LONGEST_VALUE = 8192;

export function valueOf(node: YamlNode): YamlValue {
  if (node.kind === "scalar") return node.text;
  if (node.kind === "sequence") return node.items.map(valueOf);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, valueOf(entry.node)]));
}

/** Offsets to lines and columns. */
export class LineIndex {
  #starts: readonly number[] | undefined;

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  placeOf(offset: number): Place {
    this.#starts ??= lineStarts(this.text);
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1))
    starts.push(end + 1);
  return starts;
}
