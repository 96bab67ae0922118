import { join } from "node:path";

import type { Place } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import { engineIdentity } from "./engine-identity.ts";
import { parseYaml } from "./parse-yaml.ts";
import { field, namesIn } from "./quick-read.ts";
import { readText } from "./read-text.ts";
import type { YamlSource } from "./yaml-source.ts";
import type { YamlValue } from "./yaml-tree.ts";

/** A prefix and where it is written. */
export interface WrittenPrefix {
  readonly prefix: Prefix;
  readonly at: Place;
}

/** What matters of a kabupaten that is in the inventory already. */
export interface Neighbour {
  /** Its folder's name. */
  readonly name: string;
  readonly code?: string;
  /** Absent, like `ipv6`, when its file does not say it in a form that can be read. */
  readonly ipv4?: WrittenPrefix;
  readonly ipv6?: WrittenPrefix;
  /** Of its sites, as `engineIdentity` tells them apart. */
  readonly engines: readonly string[];
  /** True as long as what `simpul init` guessed of its sites stands there. */
  readonly isBegun: boolean;
}

/** Who else is in this inventory, by their kabupaten.yaml alone; sorted by name. Places are relative to a sibling folder. */
export async function neighboursIn(directory: string, but?: string): Promise<readonly Neighbour[]> {
  const neighbours: Neighbour[] = [];
  for (const name of namesIn(directory)) {
    if (name === but) continue;
    const file = { kind: "kabupaten", path: "kabupaten.yaml", stem: "kabupaten" } as const;
    const text = readText(join(directory, name), file);
    if (typeof text !== "string") {
      if (text.id !== "file-unreadable") neighbours.push({ name, engines: [], isBegun: false });
      continue;
    }
    const yaml = await parseYaml(`../${name}/kabupaten.yaml`, text);
    if (Array.isArray(yaml)) neighbours.push({ name, engines: [], isBegun: false });
    else neighbours.push({ name, ...factsOf(yaml.value, yaml.source) });
  }
  return neighbours;
}

const SITES = ["pusat-data", "drc"] as const;

function factsOf(value: YamlValue, source: YamlSource): Omit<Neighbour, "name"> {
  const code = field(value, "code");
  const [ipv4, ipv6] = (["ipv4", "ipv6"] as const).map((family) => {
    const prefix = Prefix.parse(field(value, "addressing", family) ?? "");
    return prefix instanceof Fault ? undefined : { prefix, at: source.at("addressing", family) };
  });
  const engines = SITES.map((site) => field(value, "sites", site, "engine"))
    .filter((engine) => engine !== undefined)
    .map((engine) => engineIdentity(field(value, "engines", engine, "host")));
  const isBegun = SITES.some((site) =>
    ["location", "capacity"].some(
      (part) => field(value, "sites", site, part, "placeholder") === "true",
    ),
  );
  return {
    ...(code !== undefined && { code }),
    ...(ipv4 !== undefined && { ipv4 }),
    ...(ipv6 !== undefined && { ipv6 }),
    engines,
    isBegun,
  };
}
