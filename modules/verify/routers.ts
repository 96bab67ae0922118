import type { Diagnostic } from "../core/diagnostic.ts";
import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { absentContainer } from "./absent-container.ts";
import type { RouterObservation } from "./router-observation.ts";
import { counted, shortList } from "./short-list.ts";
import type { VerifyContext } from "./topic.ts";

/** A planned router and what was seen of it. */
export interface SeenRouter {
  readonly router: RouterPlan;
  /** Name of its container, unique over gateways and routers. */
  readonly container: string;
  /** Absent when the container does not run, and for routers that are no container. */
  readonly seen?: RouterObservation;
}

/** `simpul-temanggung-gateway-dinas-kesehatan`. */
export function routerContainer(plan: KabupatenPlan, { role, name }: RouterPlan): string {
  return engineName({ kabupaten: plan.name, role, name });
}

/** `rsud`, `gateway rsud`: short, for lists. */
export function routerSlug({ role, name }: RouterPlan): string {
  return role === "gateway" ? `gateway ${name}` : name;
}

/** `POP Parakan (pop-parakan)`, as findings name a router. */
export function routerTitle(router: RouterPlan): string {
  return `${router.title} (${routerSlug(router)})`;
}

/** What comparing routers needs of the whole. */
interface RouterContext extends Pick<VerifyContext, "containers" | "placeOf"> {
  readonly plan: Pick<KabupatenPlan, "routers">;
}

/** Whether every router runs, answers, carries its addresses, and has no default route. */
export function compareRouters(
  routers: readonly SeenRouter[],
  context: RouterContext,
): readonly Diagnostic[] {
  return [...compareEach(routers, context), ...strangeDefaults(routers)];
}

function compareEach(
  routers: readonly SeenRouter[],
  { plan, containers, placeOf }: RouterContext,
): readonly Diagnostic[] {
  return routers.flatMap(({ router, container, seen }) => {
    if (router.kind === "external") return [];
    const at = placeOf(router.name);
    const place = at === undefined ? {} : { at };
    const title = routerTitle(router);
    if (seen === undefined) {
      const behind = namesBehind(plan, router);
      const cutOff = behind.length === 0 ? "" : `; behind it: ${behind.join(", ")}`;
      return [
        {
          ...absentContainer(
            "router-not-running",
            title,
            container,
            containers.get(container),
            cutOff,
          ),
          ...place,
        },
      ];
    }
    if (!seen.birdAnswers) return [{ ...silentBird(title, container), ...place }];
    return missingAddresses(router, container, seen).map((finding) => ({ ...finding, ...place }));
  });
}

/** Routers that lose the network when this one stops. */
function namesBehind(plan: Pick<KabupatenPlan, "routers">, router: RouterPlan): readonly string[] {
  return plan.routers
    .filter(
      ({ uplinks }) =>
        uplinks.length > 0 &&
        uplinks.every((uplink) => uplink.router === router.name && router.role === "router"),
    )
    .map(routerSlug);
}

function silentBird(title: string, container: string): Diagnostic {
  return {
    id: "router-silent",
    severity: "error",
    what: `${title} runs, but its BIRD does not answer`,
    why: "without BIRD it neither announces its prefixes nor learns a way to anybody else",
    fix: `read docker logs --tail 30 ${container}, then docker restart ${container}`,
  };
}

function missingAddresses(
  router: RouterPlan,
  container: string,
  seen: RouterObservation,
): readonly Diagnostic[] {
  const { loopback, management, source } = router;
  const planned = [loopback, management, source]
    .flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6])
    .map(({ text }) => text);
  const missing = [...new Set(planned)].filter((address) => !seen.addresses.has(address));
  if (missing.length === 0) return [];
  return [
    {
      id: "address-missing",
      severity: "error",
      what: `${routerTitle(router)} does not carry ${missing.join(", ")}`,
      why: "its loopback, its management address and the first host of its LAN stand on its lo (DESIGN section 10); without them nobody reaches it",
      fix: `docker logs --tail 30 ${container}: its texts may have been refused; docker restart ${container} sets them again`,
    },
  ];
}

/** One finding for all: such a route comes from the image or the engine, seldom from one router. */
function strangeDefaults(routers: readonly SeenRouter[]): readonly Diagnostic[] {
  const led = routers.filter((one) => strangeDefaultsOf(one).length > 0);
  const [first] = led;
  if (first === undefined) return [];
  const names = shortList(led.map(({ router }) => routerSlug(router)));
  return [
    {
      id: "default-route-present",
      severity: "error",
      what: `${counted(led.length, "router")} with a default route: ${names}; the first one's is "${strangeDefaultsOf(first)[0]}"`,
      why: "it leads to the engine's host: packets for addresses that nobody has leave the plan there, held back by the host firewall alone",
      fix: `docker restart ${first.container}; if the route comes back, the router image is old: run scripts/setup.sh, then simpul deploy`,
    },
  ];
}

/** Where the plan leads to the internet, BIRD sets the one from the exit; any other comes from the engine. */
function strangeDefaultsOf({ router, seen }: SeenRouter): readonly string[] {
  const isOurs = (line: string): boolean =>
    router.internet.length > 0 && / proto bird\b/.test(line);
  return (seen?.defaultRoutes ?? []).filter((line) => !isOurs(line));
}
