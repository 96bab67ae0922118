import type { DualPrefix } from "../core/dual.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { birdConfig } from "./bird.ts";
import type { ConfigFile } from "./config-file.ts";
import { nftablesRuleset } from "./nftables.ts";
import { routerAddresses } from "./router-addresses.ts";
import { routerShaping } from "./router-shaping.ts";

/**
 * The folders that a stack's router carrier brings: one for each router that is a container.
 *
 * @param block the kabupaten's whole address block
 */
export function routerFiles(
  routers: readonly RouterPlan[],
  block: DualPrefix,
): readonly ConfigFile[] {
  return routers
    .filter(({ kind }) => kind === "container")
    .flatMap((router) => [
      { path: `${router.name}/addresses`, text: routerAddresses(router) },
      { path: `${router.name}/bird.conf`, text: birdConfig(router, block) },
      { path: `${router.name}/nftables.conf`, text: nftablesRuleset(router, block) },
      { path: `${router.name}/shaping`, text: routerShaping(router) },
    ]);
}
