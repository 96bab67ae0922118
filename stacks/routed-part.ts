import type { ITerraformDependable } from "../modules/constructs/cdktf.ts";
import { limitProcesses } from "../modules/constructs/bounds.ts";
import { ConfigCarrier } from "../modules/constructs/config-carrier.ts";
import { Router } from "../modules/constructs/router.ts";
import { Segment } from "../modules/constructs/segment.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import { engineName } from "../modules/plan/engine-names.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { routerFiles } from "../modules/render/router-files.ts";

/** Segments and routers of one stack, by their names in the plan. */
export interface RoutedPart {
  readonly segments: ReadonlyMap<string, Segment>;
  readonly routers: ReadonlyMap<string, Router>;
}

/**
 * What every stack has: its own segments, and its routers with the carrier that configures them.
 *
 * @param beside networks of the stack that its routers stand on and that are none of the plan's segments
 */
export function routedPart(
  context: StackContext,
  plan: KabupatenPlan,
  beside: readonly ITerraformDependable[] = [],
): RoutedPart {
  const segments = new Map(
    plan.segments
      .filter(({ stack }) => stack === context.stack)
      .map((segment) => [segment.name, new Segment(context, segment)]),
  );
  const standing = plan.routers.filter(
    ({ stack, kind }) => stack === context.stack && kind === "container",
  );
  const carrier = new ConfigCarrier(context, {
    name: context.stack,
    image: "router",
    files: routerFiles(standing, plan.block),
  });
  const networks = [...[...segments.values()].map(({ network }) => network), ...beside];
  const routers = new Map(
    standing.map((router) => [
      router.name,
      new Router(context, { plan, router, carrier, networks }),
    ]),
  );
  limitProcesses(
    context,
    "routers",
    standing.map(({ role, name }) => ({
      name: engineName({ kabupaten: plan.name, role, name }),
      container: routers.get(name)!.container,
    })),
  );
  return { segments, routers };
}
