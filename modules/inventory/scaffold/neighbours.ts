import { join } from "node:path";

import { Fault } from "../../core/fault.ts";
import { Prefix } from "../../core/prefix.ts";
import { parseYaml } from "../parse-yaml.ts";
import type { YamlValue } from "../yaml-tree.ts";
import { field, namesIn, textOf } from "./quick-read.ts";

/** What matters of a kabupaten that is in the inventory already. */
export interface Neighbour {
  /** Its folder's name. */
  readonly name: string;
  readonly code?: string;
  /** Absent when its file does not say it in a form that can be read. */
  readonly ipv4?: Prefix;
}

/** Who else is in this inventory, by their kabupaten.yaml alone; sorted by name. */
export async function neighboursIn(directory: string): Promise<readonly Neighbour[]> {
  const neighbours: Neighbour[] = [];
  for (const name of namesIn(directory)) {
    const text = textOf(join(directory, name, "kabupaten.yaml"));
    if (text === undefined) continue;
    const yaml = await parseYaml("kabupaten.yaml", text);
    neighbours.push({ name, ...(!Array.isArray(yaml) && factsOf(yaml.value)) });
  }
  return neighbours;
}

function factsOf(value: YamlValue): Omit<Neighbour, "name"> {
  const code = field(value, "code");
  const ipv4 = Prefix.parse(field(value, "addressing", "ipv4") ?? "");
  return {
    ...(code !== undefined && { code }),
    ...(!(ipv4 instanceof Fault) && { ipv4 }),
  };
}
