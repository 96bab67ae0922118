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
  { mark: mark("partly"), meaning: "runs, some sessions down" },
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
  return sessionsMark(plan, live, router, live.sessions) ?? mark("good");
}

/** The sessions of a router on one of its segments; undefined where it has none. */
export function linkMark(
  plan: KabupatenPlan,
  live: LiveState | undefined,
  router: RouterPlan,
  segment: string,
): Mark | undefined {
  if (live === undefined) return undefined;
  const here = live.sessions.filter((session) => session.segment === segment);
  return sessionsMark(plan, live, router, here);
}

interface SeenServer {
  readonly name: string;
  readonly running?: boolean;
  readonly external?: boolean;
}

/** A server by its container; undefined of a machine that is none, into which nobody looks. */
export function serverMark(
  plan: KabupatenPlan,
  live: LiveState | undefined,
  role: EngineRole,
  { name, running = true, external = false }: SeenServer,
): Mark | undefined {
  if (live === undefined || external) return undefined;
  const condition = live.containers.get(engineName({ kabupaten: plan.name, role, name }));
  if (condition === undefined) return mark("bad", "absent from the engine");
  if (!running)
    return condition === "stopped"
      ? mark("idle", "suspended")
      : mark("partly", "runs, though suspended");
  return condition === "stopped" ? mark("bad", "stopped") : mark("good");
}

/**
 * By the sessions that a router dials: what is below a core router and does not call in is not its fault, nor that
 * somebody whom it dials stands still, which is marked there. Without any session it is cut off. Undefined where it
 * has none.
 */
function sessionsMark(
  plan: KabupatenPlan,
  live: LiveState,
  router: RouterPlan,
  sessions: readonly SessionState[],
): Mark | undefined {
  const name = containerOf(plan, router);
  const dialled = sessions.filter(({ lower }) => lower === name);
  const judged =
    router.uplinks.length > 0
      ? dialled
      : sessions.filter(({ lower, upper }) => lower === name || upper === name);
  if (judged.length === 0) return undefined;
  if (!judged.some(({ up }) => up)) return mark("bad", "no session up");
  const still = new Set(
    plan.routers
      .filter(({ kind }) => kind === "container")
      .map((each) => containerOf(plan, each))
      .filter((container) => live.containers.get(container) !== "running"),
  );
  const down = dialled.filter(({ up, upper }) => !up && !still.has(upper));
  const [first] = down;
  if (first === undefined) return mark("good");
  const ends = new Set(down.map(({ upper, segment }) => `${upper} ${segment}`));
  if (ends.size > 1) return mark("partly", `${down.length} of ${dialled.length} sessions down`);
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
