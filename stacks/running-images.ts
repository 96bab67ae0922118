import path from "node:path";

import { readFileSync, existsSync } from "node:fs";

import { parseState } from "../modules/engine/stack-state.ts";
import { labelOf } from "../modules/engine/docker-objects.ts";
import { textAt } from "../modules/engine/terraform-attributes.ts";
import { PUSAT_DATA_STACK } from "../modules/plan/part-names.ts";

/**
 * Ids of the images that the servers of the Pusat Data were made of, by their slugs, as the state knows them: a standby is
 * made of the same, though a newer one is there. Empty before the first deploy, when both are made of the newest.
 *
 * @param states folder of all states
 */
export function runningImages(states: string, kabupaten: string): ReadonlyMap<string, string> {
  const file = path.join(states, kabupaten, `${PUSAT_DATA_STACK}.tfstate`);
  const state = existsSync(file) ? parseState(readFileSync(file, "utf8")) : undefined;
  const containers = (state?.resources ?? []).filter(({ type }) => type === "docker_container");
  return new Map(
    containers.flatMap(({ instances }) =>
      instances.flatMap(({ attributes = {} }) => {
        const image = textAt(attributes, "image");
        return labelOf(attributes, "role") === "vps" && image !== ""
          ? [[labelOf(attributes, "name"), image] as const]
          : [];
      }),
    ),
  );
}
