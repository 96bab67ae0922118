import type { Diagnostic } from "../core/diagnostic.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import { YamlSource } from "./yaml-source.ts";
import { LineIndex, valueOf, type YamlValue } from "./yaml-tree.ts";

export interface ParsedYaml {
  readonly source: YamlSource;
  readonly value: YamlValue;
}

/**
 * Third phase: text to values with places. Files written plainly, which is nearly all of them, are read at once; the
 * library is loaded for the others and for everything that is wrong, so that it alone says what YAML is.
 */
export async function parseYaml(file: string, text: string): Promise<ParsedYaml | Diagnostic[]> {
  const lines = new LineIndex(file, text);
  const plain = readPlainYaml(text);
  if (plain !== undefined) return parsed(plain, lines);
  const { readYaml } = await import("./full-yaml.ts");
  const { root, findings } = readYaml(file, text, (offset) => lines.placeOf(offset));
  return root === undefined ? findings : parsed(root, lines);
}

function parsed(root: Parameters<typeof valueOf>[0], lines: LineIndex): ParsedYaml {
  return { source: new YamlSource(root, lines), value: valueOf(root) };
}
