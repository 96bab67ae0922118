import { readFileSync } from "node:fs";
import path from "node:path";

import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import type { RouterObservation } from "../../modules/verify/router-observation.ts";
import { parseRouter } from "../../modules/verify/router-observation.ts";
import type { SeenRouter } from "../../modules/verify/routers.ts";
import { kabupaten } from "../render/router-fixture.ts";

const FOLDER = path.join(import.meta.dirname, "../fixtures/verify");

/** What a real router of the fixture answered to the look, with all its neighbours up. */
export function recorded(router: string): string {
  return readFileSync(path.join(FOLDER, `whole-${router}.txt`), "utf8");
}

const { core, pop, gateway, agencies } = kabupaten(2);
export const ROUTERS: readonly RouterPlan[] = [core, pop, gateway, ...agencies];

/** The fixture's routers as they were recorded; those that are named `stopped` were not seen. */
export function seenRouters(stopped: readonly string[] = []): readonly SeenRouter[] {
  return ROUTERS.map((router) => ({
    router,
    container: router.name,
    ...(!stopped.includes(router.name) && { seen: parseRouter(recorded(router.name)) }),
  }));
}

/** The same routers, with one's observation changed. */
export function changed(
  routers: readonly SeenRouter[],
  name: string,
  change: (seen: RouterObservation) => Partial<RouterObservation>,
): readonly SeenRouter[] {
  return routers.map((one) =>
    one.router.name === name && one.seen !== undefined
      ? { ...one, seen: { ...one.seen, ...change(one.seen) } }
      : one,
  );
}
