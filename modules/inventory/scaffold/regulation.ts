import { join } from "node:path";

import { parseYaml } from "../parse-yaml.ts";
import { field, namesIn, textOf } from "../quick-read.ts";
import { regulationsFolder } from "../regulations.ts";

/** What inventory/regulations says of one kabupaten, for its kabupaten.yaml. */
export interface Regulation {
  readonly id: string;
  readonly domain?: string;
  readonly timezone?: string;
}

/** The regulation of the kabupaten in this folder; of this repository where the inventory brings none. */
export async function regulationOf(
  directory: string,
  folder: string,
): Promise<Regulation | undefined> {
  const place = regulationsFolder(directory);
  for (const name of namesIn(place)) {
    const yaml = await parseYaml(name, textOf(join(place, name)) ?? "");
    if (Array.isArray(yaml) || field(yaml.value, "kabupaten") !== folder) continue;
    const [id, domain, timezone] = ["id", "domain", "timezone"].map((key) =>
      field(yaml.value, key),
    );
    return {
      id: id ?? name.replace(/\.yaml$/, ""),
      ...(domain !== undefined && { domain }),
      ...(timezone !== undefined && { timezone }),
    };
  }
  return undefined;
}
