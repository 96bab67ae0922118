import type { Diagnostic } from "../core/diagnostic.ts";
import type { DualAddress } from "../core/dual.ts";
import { isManagementGateway } from "../plan/topology.ts";
import { FAMILIES } from "../render/bird-names.ts";
import type { Link } from "./links.ts";
import { pingAll, type PingAnswer } from "./ping-sweep.ts";
import { routerSlug, routerTitle, type SeenRouter } from "./routers.ts";
import { counted, shortList } from "./short-list.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";

/** The gateway of the management network, and its address there: of the stations' own, so that it may ask as one. */
export interface ManagementStation {
  readonly gateway: SeenRouter;
  readonly address: DualAddress;
}

/** Undefined while that gateway does not run. */
export function managementStation(routers: readonly SeenRouter[]): ManagementStation | undefined {
  const gateway = routers.find(
    ({ router, seen }) => isManagementGateway(router) && seen !== undefined,
  );
  const own = gateway?.router.interfaces.find(({ segment }) => segment === gateway.router.name);
  return gateway === undefined || own === undefined ? undefined : { gateway, address: own.address };
}

/** Others that each LAN tries to reach beside its own POP; together they try them all. */
const TRIED_EACH = 3;

/**
 * Stations reach every router's management address, and nobody else reaches any (ADR-0015).
 * @param refused what others heard that tried to (triedFromOutside)
 */
export async function checkManagement(
  context: VerifyContext,
  routers: readonly SeenRouter[],
  links: readonly Link[],
  refused: readonly Tried[],
): Promise<GroupOutcome<void>> {
  const station = managementStation(routers);
  const reachable = reachableRouters(routers, links);
  const reached = station === undefined ? [] : await fromStation(context, station, reachable);
  const lost = reached.filter(({ answer }) => answer.rtt === undefined);
  const open = refused.filter(({ answer }) => answer.rtt !== undefined);
  return {
    findings: [...unreachable(lost), ...leaks(open, context)],
    measured: {
      management_asked: reached.length,
      management_reached: reached.length - lost.length,
      management_tried_by_others: refused.length,
      management_open_to_others: open.length,
    },
    said: `${reached.length - lost.length} of ${reached.length} reached by stations, ${open.length} of ${refused.length} by others`,
    result: undefined,
  };
}

function reachableRouters(
  routers: readonly SeenRouter[],
  links: readonly Link[],
): readonly SeenRouter[] {
  return routers.filter((one) => {
    const own = links.filter(({ lower }) => lower === one);
    return own.length === 0 ? one.seen !== undefined : own.every((link) => link.up);
  });
}

/** A management address that somebody asked who may not, and what came back. */
export interface Tried {
  readonly from: SeenRouter;
  readonly to: SeenRouter;
  readonly answer: PingAnswer;
}

async function fromStation(
  { engine }: VerifyContext,
  { gateway, address }: ManagementStation,
  routers: readonly SeenRouter[],
): Promise<readonly Tried[]> {
  const pings = routers
    .filter((to) => to !== gateway)
    .flatMap((to) =>
      FAMILIES.map(({ key }) => ({
        to,
        source: address[key].text,
        target: to.router.management[key].text,
      })),
    );
  const answers = await pingAll(engine, gateway.container, pings, 2);
  return pings.map(({ to }, at) => ({ from: gateway, to, answer: answers[at]! }));
}

/** A management address, and of whom. */
export interface ManagementTarget {
  readonly to: SeenRouter;
  readonly target: string;
}

/**
 * What every LAN by its own address and every tenant's gateway by its loopback try, and must not reach: their POP and
 * some others in turn. The sweep of the ways asks them (reach.ts).
 */
export function triedFromOutside(
  routers: readonly SeenRouter[],
  links: readonly Link[],
): ReadonlyMap<SeenRouter, readonly ManagementTarget[]> {
  const reachable = reachableRouters(routers, links);
  const starts = reachable.filter(
    ({ router, seen }) =>
      seen !== undefined &&
      (router.lan !== undefined || router.tier === "gateway") &&
      !isManagementGateway(router),
  );
  return new Map(
    starts.map((from, index) => {
      const others = reachable.filter((to) => to !== from);
      const uplinks = others.filter(({ router }) =>
        from.router.uplinks.some((one) => one.router === router.name),
      );
      const turn = Array.from(
        { length: Math.min(TRIED_EACH, others.length) },
        (_, at) => others[(index * TRIED_EACH + at) % others.length]!,
      );
      const tried = [...new Set([...uplinks.slice(0, 1), ...turn])];
      return [
        from,
        tried.flatMap((to) =>
          FAMILIES.map(({ key }) => ({ to, target: to.router.management[key].text })),
        ),
      ];
    }),
  );
}

function unreachable(lost: readonly Tried[]): readonly Diagnostic[] {
  const [first] = lost;
  if (first === undefined) return [];
  const names = shortList([...new Set(lost.map(({ to }) => routerSlug(to.router)))]);
  return [
    {
      id: "management-unreachable",
      severity: "error",
      what: `stations of the Dinas do not reach the management address of ${names}: ${first.answer.said} (${first.answer.target})`,
      why: "a router that cannot be reached cannot be looked into when its agency calls",
      fix: `docker exec ${first.from.container} tracepath -n ${first.answer.target}; simpul deploy if filters are older than the plan, simpul config ${first.to.router.name} for a device`,
    },
  ];
}

function leaks(open: readonly Tried[], { placeOf }: VerifyContext): readonly Diagnostic[] {
  const [first] = open;
  if (first === undefined) return [];
  const at = placeOf(first.to.router.name);
  return [
    {
      id: "management-open",
      severity: "error",
      ...(at !== undefined && { at }),
      what: `management addresses answer others than stations, ${counted(open.length, "time")}: ${first.answer.target} of ${routerTitle(first.to.router)} answers ${routerSlug(first.from.router)}`,
      why: "who is on a LAN or a server could try passwords and flaws of routers (ADR-0015)",
      fix: `simpul deploy loads the planned packet filters; on a device, simpul config ${first.to.router.name}`,
    },
  ];
}
