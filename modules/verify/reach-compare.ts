import type { Diagnostic } from "../core/diagnostic.ts";
import type { DualAddress } from "../core/dual.ts";
import type { Family } from "../render/bird-names.ts";
import { groupBy } from "./group-by.ts";
import type { Ping, PingAnswer } from "./ping-sweep.ts";
import { routerSlug, routerTitle, type SeenRouter } from "./routers.ts";
import { shortList } from "./short-list.ts";
import type { VerifyContext } from "./topic.ts";
import { whomToCall } from "./whom-to-call.ts";

/** Something that every LAN must reach. */
export interface Goal {
  /** For people: `the LAN of rsud`. */
  readonly title: string;
  readonly address: DualAddress;
  /** Router behind which it stands, or that it is. */
  readonly behind: SeenRouter;
}

/** One way that must work. */
export interface Way extends Ping {
  readonly from: SeenRouter;
  readonly goal: Goal;
  readonly family: Family;
}

export interface TriedWay {
  readonly way: Way;
  readonly answer: PingAnswer;
}

/**
 * Lost ways, told by what they have in common: a goal that most LANs miss is one finding, a LAN that misses most goals
 * is one, and what is left is told by LAN.
 * @param dropped packet filters that dropped something meanwhile: `rsud source_refused 12`
 */
export function compareReach(
  tried: readonly TriedWay[],
  placeOf: VerifyContext["placeOf"],
  dropped: readonly string[],
): readonly Diagnostic[] {
  const isLost = ({ answer }: TriedWay): boolean => answer.rtt === undefined;
  const missed = mostlyLost(tried, ({ way }) => way.goal.title);
  const ofOthers = tried.filter(({ way }) => !missed.has(way.goal.title));
  const byGoal = groupBy(
    tried.filter((one) => isLost(one) && missed.has(one.way.goal.title)),
    ({ way }) => way.goal.title,
  );
  const byStart = groupBy(ofOthers.filter(isLost), ({ way }) => way.from.container);
  const hint =
    dropped.length === 0 ? "" : `; meanwhile packet filters dropped: ${shortList(dropped, 6)}`;
  return [
    ...[...byGoal.values()].map((group) => goalFinding(group, hint)),
    ...[...byStart.values()].map((group) => startFinding(group, placeOf, hint)),
  ];
}

/** Keys for which more than half of what was tried, and more than one of it, is lost. */
function mostlyLost(
  tried: readonly TriedWay[],
  keyOf: (one: TriedWay) => string,
): ReadonlySet<string> {
  const groups = [...groupBy(tried, keyOf)];
  return new Set(
    groups
      .filter(([, group]) => {
        const lost = group.filter(({ answer }) => answer.rtt === undefined).length;
        return lost > 1 && lost * 2 > group.length;
      })
      .map(([key]) => key),
  );
}

const WHY =
  "sessions on the way are up, yet echo requests stay without an answer: a packet filter, a missing kernel route or a missing address";

function goalFinding(group: readonly TriedWay[], hint: string): Diagnostic {
  const { way, answer } = group[0]!;
  const starts = [...new Set(group.map(({ way: one }) => routerSlug(one.from.router)))];
  return {
    id: "unreachable",
    severity: "error",
    what: `${way.goal.title} (${way.target}) is not reached over ${familiesOf(group)} from the LANs of ${shortList(starts)}: ${answer.said}`,
    why: `${WHY}${hint}`,
    fix: fixOf(way),
  };
}

function startFinding(
  group: readonly TriedWay[],
  placeOf: VerifyContext["placeOf"],
  hint: string,
): Diagnostic {
  const { way, answer } = group[0]!;
  const at = placeOf(way.from.router.name);
  const goals = [...new Set(group.map(({ way: one }) => one.goal.title))];
  return {
    id: "unreachable",
    severity: "error",
    ...(at !== undefined && { at }),
    what: `from its LAN (${way.source}), ${routerTitle(way.from.router)} does not reach over ${familiesOf(group)}: ${shortList(goals)}; ${answer.said}`,
    why: `${WHY}${hint}`,
    fix: fixOf(way),
  };
}

function familiesOf(group: readonly TriedWay[]): string {
  const numbers = [...new Set(group.map(({ way }) => way.family.number))].toSorted((a, b) => a - b);
  return numbers.map((number) => `IPv${number}`).join(" and ");
}

function fixOf({ from, source, target, goal }: Way): string {
  const { router, container } = goal.behind;
  const far =
    router.kind === "container"
      ? `docker exec ${container} nft list counters says what is dropped at the far end`
      : whomToCall(router);
  return `docker exec ${from.container} ping -I ${source} ${target} to try again, tracepath -n ${target} for the last router that passes it; ${far}`;
}
