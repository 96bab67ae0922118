import { observeRouter } from "./router-observation.ts";
import { routerContainer, type SeenRouter } from "./routers.ts";
import { inParallel } from "./run-inside.ts";
import type { VerifyContext } from "./topic.ts";

/** One look into every router that runs. */
export function observeRouters({
  plan,
  engine,
  containers,
}: Pick<VerifyContext, "plan" | "engine" | "containers">): Promise<readonly SeenRouter[]> {
  return inParallel(plan.routers, async (router) => {
    const container = routerContainer(plan, router);
    if (containers.get(container)?.running !== true) return { router, container };
    return { router, container, seen: await observeRouter(engine, container) };
  });
}
