import { engineName } from "../plan/engine-names.ts";
import { firstHost } from "../plan/routing.ts";
import { FAMILIES } from "../render/bird-names.ts";
import { groupBy } from "./group-by.ts";
import type { Link } from "./links.ts";
import { growth, parseCounters } from "./nft-counters.ts";
import type { ForeignAnswers } from "./isolation.ts";
import { medianRtt, pingAll, type PingAnswer } from "./ping-sweep.ts";
import { compareReach, type Goal, type TriedWay, type Way } from "./reach-compare.ts";
import { routerSlug, routerTitle, type SeenRouter } from "./routers.ts";
import { sweepFrom } from "./router-sweep.ts";
import { inParallel, runInside } from "./run-inside.ts";
import { SessionGraph } from "./session-graph.ts";
import type { GroupOutcome, Measured, VerifyContext } from "./topic.ts";

/**
 * Every LAN pings, by its own address, every core, the resolvers and every other LAN. A pair that no way joins because
 * a router or session is down is not asked: that finding stands already. By the same executions, every router asks the
 * addresses that must be silent to it; what they answer is handed on.
 */
export async function checkReach(
  context: VerifyContext,
  routers: readonly SeenRouter[],
  links: readonly Link[],
  silentTo: (from: SeenRouter) => readonly string[],
): Promise<GroupOutcome<readonly ForeignAnswers[]>> {
  const goals = goalsOf(context, routers);
  const graphs = new Map(FAMILIES.map((family) => [family, new SessionGraph(links, family)]));
  const starts = routers.filter(({ seen }) => seen !== undefined);
  const wanted = starts.map((from) => (from.router.lan === undefined ? [] : waysFrom(from, goals)));
  const joined = wanted.map((ways, at) => {
    if (ways.length === 0) return [];
    const hearers = new Map(
      [...graphs].map(([family, graph]) => [family, graph.hearers(starts[at]!)]),
    );
    return ways.filter(({ goal, family }) => hearers.get(family)!.has(goal.behind));
  });
  const asked = await Promise.all(
    starts.map((from, at) => sweep(context, from, joined[at]!, silentTo(from))),
  );
  const first = asked.flatMap(({ tried }) => tried);
  const again = await askAgain(context, first);
  const tried = first.map((one) => again.get(one.way) ?? one);
  const all = tried.map(({ answer }) => answer);
  const lost = all.filter(({ rtt }) => rtt === undefined);
  const cutOff = wanted.flat().length - all.length;
  return {
    findings: compareReach(
      tried,
      context.placeOf,
      await droppedMeanwhile(context, routers, lost.length),
    ),
    measured: {
      ...countPings([...first, ...again.values()]),
      ways_planned: wanted.flat().length,
      ways_open: all.length - lost.length,
      ways_cut_off: cutOff,
      rtt_median_ms: medianRtt(all),
    },
    said: `${all.length - lost.length} of ${wanted.flat().length} ways open, median ${medianRtt(all)} ms${cutOff > 0 ? `, ${cutOff} cut off by what is down` : ""}`,
    result: asked.map(({ from, silent }) => ({ from, answers: silent })),
  };
}

interface Asked {
  readonly from: SeenRouter;
  readonly tried: readonly TriedWay[];
  readonly silent: readonly PingAnswer[];
}

async function sweep(
  { engine }: VerifyContext,
  from: SeenRouter,
  ways: readonly Way[],
  foreign: readonly string[],
): Promise<Asked> {
  const answers = await sweepFrom(engine, from.container, { ways, foreign });
  const tried = ways.map((way, at) => ({ way, answer: answers.ways[at]! }));
  return { from, tried, silent: answers.foreign };
}

/** Milliseconds in which a network with BFD finds another way, or a router restarts. */
const HEALING = 4000;

/** A way that heals by itself is counted in the lost pings and is no finding. */
async function askAgain(
  context: VerifyContext,
  tried: readonly TriedWay[],
): Promise<ReadonlyMap<Way, TriedWay>> {
  const lost = tried.filter(({ answer }) => answer.rtt === undefined).map(({ way }) => way);
  if (lost.length === 0) return new Map();
  await new Promise((resolve) => setTimeout(resolve, HEALING));
  const byStart = [...groupBy(lost, ({ from }) => from).entries()];
  const again = await Promise.all(
    byStart.map(async ([from, ways]) => explain(context, await sweep(context, from, ways, []))),
  );
  return new Map(again.flat().map((one) => [one.way, one]));
}

/** Lost ways of one start of which ping is asked for the reason: each waits a second, and a finding shows one. */
const EXPLAINED = 15;

/** Gives lost ways what a router on the way or the kernel says. */
async function explain(
  { engine }: VerifyContext,
  { from, tried }: Asked,
): Promise<readonly TriedWay[]> {
  const lost = tried.filter(({ answer }) => answer.rtt === undefined).slice(0, EXPLAINED);
  const ways = lost.map(({ way }) => way);
  const answers = await pingAll(engine, from.container, ways, 1);
  const explained = new Map(ways.map((way, at) => [way, { way, answer: answers[at]! }]));
  return tried.map((one) => explained.get(one.way) ?? one);
}

function countPings(tried: readonly TriedWay[]): Measured {
  const sent = tried.reduce((sum, { answer }) => sum + answer.sent, 0);
  const answered = tried.filter(({ answer }) => answer.rtt !== undefined).length;
  return { pings_sent: sent, pings_lost: sent - answered };
}

function goalsOf(
  { plan, containers }: VerifyContext,
  routers: readonly SeenRouter[],
): readonly Goal[] {
  const runs = (name: string): boolean =>
    containers.get(engineName({ kabupaten: plan.name, role: "resolver", name }))?.running === true;
  return [
    ...routers
      .filter(({ router }) => router.tier === "core")
      .map((one) => ({
        title: routerTitle(one.router),
        address: one.router.loopback,
        behind: one,
      })),
    ...plan.dns.resolvers
      .filter(({ name }) => runs(name))
      .map(({ name, service, segment }) => ({
        title: `the resolver ${name}`,
        address: service,
        behind: routers.find(({ router }) => router.role === "gateway" && router.name === segment)!,
      })),
    ...routers
      .filter(({ router }) => router.lan !== undefined)
      .map((one) => ({
        title: `the LAN of ${routerSlug(one.router)}`,
        address: firstHost(one.router.lan!),
        behind: one,
      })),
  ];
}

function waysFrom(from: SeenRouter, goals: readonly Goal[]): readonly Way[] {
  const source = firstHost(from.router.lan!);
  return goals
    .filter(({ behind }) => behind !== from)
    .flatMap((goal) =>
      FAMILIES.map((family) => ({
        from,
        goal,
        family,
        source: source[family.key].text,
        target: goal.address[family.key].text,
      })),
    );
}

/** Which routers' packet filters dropped something since they were looked at; asked only when packets are lost. */
async function droppedMeanwhile(
  { engine }: VerifyContext,
  routers: readonly SeenRouter[],
  lost: number,
): Promise<readonly string[]> {
  if (lost === 0) return [];
  const dropped = await inParallel(routers, async ({ router, container, seen }) => {
    if (seen === undefined) return [];
    const { stdout } = await runInside(
      engine,
      container,
      "nft list counters table inet simpul",
      10,
    );
    return [...growth(seen.dropped, parseCounters(stdout))].map(
      ([name, packets]) => `${routerSlug(router)} ${name} ${packets}`,
    );
  });
  return dropped.flat();
}
