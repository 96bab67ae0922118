import type { Diagnostic } from "../core/diagnostic.ts";
import { Address } from "../core/address.ts";
import { Fault } from "../core/fault.ts";
import { firstHost } from "../plan/routing.ts";
import type { Link } from "./links.ts";
import { managementStation } from "./management.ts";
import { pingAll, type PingAnswer } from "./ping-sweep.ts";
import { routerTitle, type SeenRouter } from "./routers.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";
import { whomToCall } from "./whom-to-call.ts";

/** A device with a session, and what was asked of it. */
interface Asked {
  readonly one: SeenRouter;
  readonly questions: readonly Question[];
}

interface Question {
  readonly target: string;
  /** For people: `the first host of its LAN`. */
  readonly what: string;
  /** Asked from here: a core router, or the gateway of the management network. */
  readonly from: SeenRouter;
  readonly source?: string;
  /** An address that the plan does not know may be silent: that it is not planned is a finding already. */
  readonly planned: boolean;
}

/**
 * Routers that are somebody's device are not looked into: what decides is their session at the POP, and whether the
 * first host of their LAN and the address by which the centre reaches them answer.
 */
export async function checkExternalRouters(
  { plan, engine, placeOf }: VerifyContext,
  routers: readonly SeenRouter[],
  links: readonly Link[],
): Promise<GroupOutcome<void>> {
  const external = routers.filter(({ router }) => router.kind === "external");
  const isUp = (one: SeenRouter): boolean =>
    links.some(({ lower }) => lower === one) &&
    links.filter(({ lower }) => lower === one).every(({ up }) => up);
  const core = routers.find(({ router, seen }) => router.tier === "core" && seen !== undefined);
  const station = managementStation(routers);
  const asked = external.filter(isUp).map((one): Asked => {
    const questions = [...lanQuestions(one, core), ...addressQuestion(one, core, station, plan)];
    return { one, questions };
  });
  const answers = await askAll(engine, asked);
  const silent = asked.flatMap(({ one, questions }) => {
    const lost = questions.filter((each) => answers.get(each)?.rtt === undefined);
    return lost.length === 0 ? [] : [{ one, lost }];
  });
  const whole =
    asked.length - silent.filter(({ lost }) => lost.some((each) => each.planned)).length;
  return {
    findings: silent.map(({ one, lost }) => silentFinding(one, lost, placeOf)),
    measured: {
      external_planned: external.length,
      external_sessions_up: asked.length,
      external_whole: whole,
    },
    said: `${whole} of ${external.length} answer`,
    result: undefined,
  };
}

function lanQuestions({ router }: SeenRouter, from: SeenRouter | undefined): readonly Question[] {
  if (router.lan === undefined || from === undefined) return [];
  const { ipv4, ipv6 } = firstHost(router.lan);
  return [ipv4, ipv6].map(({ text }) => ({
    target: text,
    what: "the first host of its LAN",
    from,
    source: from.router.loopback[text.includes(":") ? "ipv6" : "ipv4"].text,
    planned: true,
  }));
}

/** Management addresses answer stations only; any other is asked from a core router. */
function addressQuestion(
  { router: { device } }: SeenRouter,
  core: SeenRouter | undefined,
  station: ReturnType<typeof managementStation>,
  { management: { pool } }: VerifyContext["plan"],
): readonly Question[] {
  if (device === undefined) return [];
  const address = Address.parse(device.address);
  if (address instanceof Fault) throw new Error(address.what);
  const { planned } = device;
  const inPool = address.isIn(pool.ipv4) || address.isIn(pool.ipv6);
  const key = address.family === 4 ? "ipv4" : "ipv6";
  const what = "the address by which the centre reaches it";
  const target = address.text;
  if (inPool && station !== undefined)
    return [{ target, what, from: station.gateway, source: station.address[key].text, planned }];
  return core === undefined || inPool ? [] : [{ target, what, from: core, planned }];
}

async function askAll(
  engine: VerifyContext["engine"],
  asked: readonly Asked[],
): Promise<ReadonlyMap<Question, PingAnswer>> {
  const questions = asked.flatMap((each) => each.questions);
  const starts = [...new Set(questions.map(({ from }) => from))];
  const answers = new Map<Question, PingAnswer>();
  for (const from of starts) {
    const own = questions.filter((question) => question.from === from);
    const said = await pingAll(engine, from.container, own, 2);
    for (const [index, question] of own.entries()) answers.set(question, said[index]!);
  }
  return answers;
}

function silentFinding(
  { router }: SeenRouter,
  lost: readonly Question[],
  placeOf: VerifyContext["placeOf"],
): Diagnostic {
  const at = placeOf(router.name);
  const whats = [...new Set(lost.map(({ what, target }) => `${what} (${target})`))];
  return {
    id: "external-router-silent",
    severity: lost.some(({ planned }) => planned) ? "error" : "warning",
    ...(at !== undefined && { at }),
    what: `${routerTitle(router)} has its sessions, but ${whats.join(" and ")} does not answer`,
    why: "its routes stand at the POP, so the fault is on the device: a missing address, a port that is down, or its packet filter",
    fix: `${whomToCall(router)}; compare the device with simpul config ${router.name}`,
  };
}
