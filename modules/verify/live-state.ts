import type { Engine } from "../engine/docker-engine.ts";
import type { Kabupaten } from "../inventory/model.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { ContainerCondition, LiveState } from "../render/diagram/live-state.ts";
import { observeContainers, type ContainerState } from "./containers.ts";
import { observeLinks } from "./links.ts";
import { observeRouters } from "./observe-routers.ts";
import type { SeenRouter } from "./routers.ts";

/**
 * How everything is at this moment, for a picture; undefined where nothing of the kabupaten is on the engine.
 * @throws {EngineRefusal} when the engine does not answer
 */
export async function observeLive(
  plan: KabupatenPlan,
  { timezone }: Pick<Kabupaten, "timezone">,
  engine: Engine,
): Promise<LiveState | undefined> {
  const containers = await observeContainers(engine, plan.name);
  if (containers.size === 0) return undefined;
  const routers = await observeRouters({ plan, engine, containers });
  return liveState(containers, routers, momentText(new Date(), timezone));
}

/** What was seen of containers and routers, as plain facts. */
export function liveState(
  containers: ReadonlyMap<string, Pick<ContainerState, "running">>,
  routers: readonly SeenRouter[],
  observedAt: string,
): LiveState {
  const silent = new Set(
    routers.filter(({ seen }) => seen?.birdAnswers === false).map(({ container }) => container),
  );
  const condition = (name: string, running: boolean): ContainerCondition => {
    if (!running) return "stopped";
    return silent.has(name) ? "silent" : "running";
  };
  return {
    observedAt,
    containers: new Map(
      [...containers].map(([name, { running }]) => [name, condition(name, running)]),
    ),
    sessions: observeLinks(routers).map(({ lower, upper, segment, family, up }) => ({
      lower: lower.container,
      upper: upper.container,
      segment,
      family: family.number,
      up,
    })),
  };
}

const ZONES = { "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" } as const;

/** `2026-03-01 10:15 WIB`. */
export function momentText(moment: Date, timezone: Kabupaten["timezone"]): string {
  const form = { timeZone: timezone, dateStyle: "short", timeStyle: "short" } as const;
  return `${new Intl.DateTimeFormat("sv-SE", form).format(moment)} ${ZONES[timezone]}`;
}
