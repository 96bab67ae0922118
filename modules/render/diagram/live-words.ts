import { engineName, type EngineRole } from "../../plan/engine-names.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import type { LiveState, SessionState } from "./live-state.ts";
import { COLOUR } from "./look.ts";

/** How a thing is: a sign and words beside the colour, for those who see no colours and for paper. */
export interface Mark {
  readonly level: "good" | "partly" | "bad" | "idle";
  readonly sign: string;
  readonly colour: string;
  readonly ground: string;
  /** `stopped`, `IPv6 to POP Parakan down`; empty where the sign says it all. */
  readonly said: string;
}

const LOOKS = {
  good: { sign: "●", colour: COLOUR.good, ground: COLOUR.paper },
  partly: { sign: "▲", colour: COLOUR.partly, ground: COLOUR.partlyGround },
  bad: { sign: "✕", colour: COLOUR.bad, ground: COLOUR.badGround },
  idle: { sign: "○", colour: COLOUR.idle, ground: COLOUR.paper },
} as const;

function mark(level: Mark["level"], said = ""): Mark {
  return { level, ...LOOKS[level], said };
}

/** What the signs mean, for the legend. */
export const MARK_MEANINGS: readonly { readonly mark: Mark; readonly meaning: string }[] = [
  { mark: mark("good"), meaning: "runs, all its sessions up" },
  { mark: mark("partly"), meaning: "some sessions down" },
  { mark: mark("bad"), meaning: "stopped, absent or cut off" },
  { mark: mark("idle"), meaning: "suspended as planned" },
];

/** A router: its container, and its BGP sessions towards the core; an external one by its sessions alone. */
export function routerMark(
  plan: KabupatenPlan,
  live: LiveState | undefined,
  router: RouterPlan,
): Mark | undefined {
  if (live === undefined) return undefined;
  const name = containerOf(plan, router);
  if (router.kind === "container") {
    const condition = live.containers.get(name);
    if (condition === undefined) return mark("bad", "absent from the engine");
    if (condition === "stopped") return mark("bad", "stopped");
    if (condition === "silent") return mark("bad", "BIRD does not answer");
  }
  const calls = live.sessions.filter(({ lower }) => lower === name);
  if (calls.length > 0) return sessionsMark(plan, calls);
  const called = live.sessions.filter(({ upper }) => upper === name);
  if (called.length > 0 && !called.some(({ up }) => up)) return mark("bad", "no session up");
  return mark("good");
}

/** The sessions of a router on one of its segments; undefined where it has none. */
export function linkMark(
  plan: KabupatenPlan,
  live: LiveState | undefined,
  router: RouterPlan,
  segment: string,
): Mark | undefined {
  const name = containerOf(plan, router);
  const here = (live?.sessions ?? []).filter((session) => session.segment === segment);
  const calls = here.filter(({ lower }) => lower === name);
  if (calls.length > 0) return sessionsMark(plan, calls);
  const called = here.filter(({ upper }) => upper === name);
  if (called.length === 0) return undefined;
  return called.some(({ up }) => up) ? mark("good") : mark("bad", "no session up");
}

/** A server by its container. */
export function serverMark(
  plan: KabupatenPlan,
  live: LiveState | undefined,
  role: EngineRole,
  { name, running = true }: { readonly name: string; readonly running?: boolean },
): Mark | undefined {
  if (live === undefined) return undefined;
  const condition = live.containers.get(engineName({ kabupaten: plan.name, role, name }));
  if (condition === undefined) return mark("bad", "absent from the engine");
  if (!running)
    return condition === "stopped"
      ? mark("idle", "suspended")
      : mark("partly", "runs, though suspended");
  return condition === "stopped" ? mark("bad", "stopped") : mark("good");
}

function sessionsMark(plan: KabupatenPlan, sessions: readonly SessionState[]): Mark {
  const down = sessions.filter(({ up }) => !up);
  if (down.length === 0) return mark("good");
  if (down.length === sessions.length) return mark("bad", "no session up");
  const ends = [...new Set(down.map(({ upper, segment }) => `${upper} ${segment}`))];
  const [first] = down;
  if (ends.length > 1 || first === undefined)
    return mark("partly", `${down.length} of ${sessions.length} sessions down`);
  const families = [...new Set(down.map(({ family }) => `IPv${family}`))].toSorted().join(" and ");
  return mark("partly", `${families} to ${titleOf(plan, first.upper)} on ${first.segment} down`);
}

function titleOf(plan: KabupatenPlan, container: string): string {
  const found = plan.routers.find((router) => containerOf(plan, router) === container);
  return found?.title ?? container;
}

function containerOf(plan: KabupatenPlan, { role, name }: RouterPlan): string {
  return engineName({ kabupaten: plan.name, role, name });
}
