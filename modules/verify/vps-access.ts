import type { Diagnostic } from "../core/diagnostic.ts";
import { machinesInRacks, serversOnEngines } from "../plan/colocation-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { firstHost } from "../plan/routing.ts";
import type { TenantServerPlan } from "../plan/vps-plan.ts";
import { FAMILIES, type Family } from "../render/bird-names.ts";
import { connectAll, type Connection, type ConnectionAnswer } from "./connect-sweep.ts";
import { groupBy } from "./group-by.ts";
import { openedPorts, permits } from "./openings.ts";
import { routerContainer, routerSlug } from "./routers.ts";
import { shortList } from "./short-list.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";
import { vpsContainer, vpsTitle } from "./vps-container.ts";

/** A connection from a LAN to a VPS, and what the plan says of it. */
export interface Attempt extends Connection {
  readonly vps: TenantServerPlan;
  readonly from: RouterPlan;
  readonly family: 4 | 6;
  /** `greets`: SSH must answer by name. `passes`: packets must pass, whether or not anything listens. */
  readonly expected: "greets" | "passes" | "silent";
}

const SSH = 22;

/** From every LAN to every VPS that runs, and to agencies' machines in racks: its owner gets in by name, others to what is published, and nobody else. */
export async function checkAccess(context: VerifyContext): Promise<GroupOutcome<void>> {
  const { plan, engine, containers } = context;
  const runs = (container: string): boolean => containers.get(container)?.running === true;
  const vps = [
    ...serversOnEngines(plan).filter((one) => one.running && runs(vpsContainer(plan, one))),
    ...machinesInRacks(plan),
  ];
  const starts = plan.routers.filter(
    (router) => router.lan !== undefined && runs(routerContainer(plan, router)),
  );
  const tryAll = async (from: RouterPlan) => {
    const attempts = vps.flatMap((one) => attemptsFrom(from, one, gatewayOf(context, one)));
    return { attempts, answers: await connectAll(engine, routerContainer(plan, from), attempts) };
  };
  const tried = await Promise.all(starts.map(tryAll));
  const first = tried.flatMap(({ attempts, answers }) =>
    attempts.map((attempt, at) => ({ attempt, answer: answers[at]! })),
  );
  const pairs = await tryAgain(context, first);
  const greeted = pairs.filter(
    ({ attempt, answer }) => attempt.expected === "greets" && isRight(attempt, answer),
  );
  const untested = vps.filter(({ owner }) => !starts.some(({ name }) => name === owner));
  return {
    findings: [
      ...untested.map((one) => untestable(context, one)),
      ...compareAccess(context, pairs),
    ],
    measured: {
      ssh_by_name: greeted.length,
      connections_tried: pairs.length,
      connections_silent: pairs.filter(({ answer }) => answer.outcome === "silent").length,
    },
    said: `SSH greeted ${greeted.length} times by name, ${pairs.length} connections from ${starts.length} LANs`,
    result: undefined,
  };
}

/** Milliseconds in which a network with BFD finds another way, or a router restarts. */
const HEALING = 4000;

/** What should have passed is tried once more: a way that heals by itself is no finding. What should be closed is not. */
async function tryAgain(
  { plan, engine }: VerifyContext,
  tried: readonly Tried[],
): Promise<readonly Tried[]> {
  const isLost = ({ attempt, answer }: Tried): boolean =>
    attempt.expected !== "silent" && !isRight(attempt, answer);
  const byStart = groupBy(
    tried.filter(isLost).map(({ attempt }) => attempt),
    ({ from }) => from,
  );
  if (byStart.size === 0) return tried;
  await new Promise((resolve) => setTimeout(resolve, HEALING));
  const again = await Promise.all(
    [...byStart.entries()].map(async ([from, attempts]) => {
      const answers = await connectAll(engine, routerContainer(plan, from), attempts);
      return attempts.map((attempt, at) => [attempt, answers[at]!] as const);
    }),
  );
  const answered = new Map(again.flat());
  return tried.map(({ attempt, answer }) => ({
    attempt,
    answer: answered.get(attempt) ?? answer,
  }));
}

function gatewayOf({ plan }: VerifyContext, { segment }: TenantServerPlan): RouterPlan {
  return plan.routers.find(({ role, name }) => role === "gateway" && name === segment)!;
}

/** All that one LAN tries at one VPS: every port that its gateway opens to anybody, and SSH. */
export function attemptsFrom(
  from: RouterPlan,
  vps: TenantServerPlan,
  { firewall }: RouterPlan,
): readonly Attempt[] {
  const source = firstHost(from.lan!);
  const ports = new Set([SSH, ...openedPorts(firewall, vps.service.ipv4)]);
  return FAMILIES.flatMap(({ key, number }: Family) =>
    [...ports].map((port) => {
      const allowed = permits(firewall, source[key], vps.service[key], port);
      const greets = allowed && port === SSH && !isMachine(vps);
      return {
        vps,
        from,
        family: number,
        source: source[key].text,
        host: greets ? vps.hostname : vps.service[key].text,
        port,
        banner: greets,
        expected: greets ? "greets" : allowed ? "passes" : "silent",
      };
    }),
  );
}

/** Whether its owner runs SSH on it, and on which port, is the owner's business: there the way is all. */
function isMachine(server: TenantServerPlan): boolean {
  return "external" in server && server.external === true;
}

interface Tried {
  readonly attempt: Attempt;
  readonly answer: ConnectionAnswer;
}

function isRight({ expected }: Attempt, { outcome, banner }: ConnectionAnswer): boolean {
  if (expected === "greets") return outcome === "open" && banner.startsWith("SSH-2.0-");
  if (expected === "passes") return outcome === "open" || outcome === "refused";
  // No route is no way in either; why there is none is for `verify wan` to say.
  return outcome === "silent" || outcome === "no-route";
}

/** One finding for each VPS, port and kind of wrong answer, naming who meets it. */
export function compareAccess(
  { placeOf }: Pick<VerifyContext, "placeOf">,
  tried: readonly Tried[],
): readonly Diagnostic[] {
  const wrong = tried.filter(({ attempt, answer }) => !isRight(attempt, answer));
  const groups = groupBy(wrong, ({ attempt, answer }) =>
    [attempt.vps.name, attempt.port, attempt.expected, answer.outcome].join(" "),
  );
  return [...groups.values()].map((group) => {
    const at = placeOf(group[0]!.attempt.vps.name);
    return { ...findingOf(group), ...(at !== undefined && { at }) };
  });
}

function findingOf(group: readonly Tried[]): Diagnostic {
  const { attempt, answer } = group[0]!;
  const from = [...new Set(group.map(({ attempt: one }) => routerSlug(one.from)))];
  const families = [...new Set(group.map(({ attempt: one }) => `IPv${one.family}`))].join(" and ");
  const where = `port ${attempt.port} of ${vpsTitle(attempt.vps)} over ${families} from the LAN of ${shortList(from)}`;
  const said = answer.said === "" ? "" : ` (${answer.said})`;
  const gateway = `the gateway of ${attempt.vps.segment}`;
  if (attempt.expected === "silent" && answer.outcome === "failed")
    return {
      id: "vps-untested",
      severity: "error",
      what: `whether ${where} is closed could not be tried${said}`,
      why: "the router that should have asked went away meanwhile, or did not finish",
      fix: "run simpul verify wan and mend what it names, then the same again",
    };
  if (attempt.expected === "silent")
    return {
      id: "vps-open-to-others",
      severity: "error",
      what: `${where} is ${answer.outcome === "refused" ? "reachable, though nothing listens" : "open"}, and the plan closes it${said}`,
      why: "an agency's server is its own: nobody else's connection may reach it but to what it publishes (DESIGN section 5)",
      fix: `simpul deploy loads the planned rules into ${gateway}; its container's nft list table inet simpul shows those in force`,
    };
  if (attempt.expected === "passes")
    return {
      id: "vps-publication-blocked",
      severity: "error",
      what: `${where} is not reachable, and the plan opens it${said}`,
      why: "its audience is entitled to it: a closed port would answer with a refusal, this one does not answer",
      fix: `simpul verify wan first; then look at the counter "denied" in ${gateway} (nft list counters)`,
    };
  return {
    id: "vps-ssh-silent",
    severity: "error",
    what: `SSH of ${vpsTitle(attempt.vps)} does not greet its owner at ${attempt.host} over ${families}: ${answer.outcome}${said}`,
    why: SSH_REASON[answer.outcome],
    fix: SSH_FIX[answer.outcome](attempt.vps.name),
  };
}

const SSH_REASON: Readonly<Record<ConnectionAnswer["outcome"], string>> = {
  open: "something else than an SSH server answers on port 22 (RFC 4253 section 4.2)",
  refused: "the way is open, but no SSH server runs in it",
  silent: "packets are lost on the way: a gateway that drops them, or a server without its route",
  "no-route": "no router on the way knows its service address",
  "no-name": "its name has no such address at the resolver that the owner's router asks",
  failed: "the attempt ended without a word that we know",
};

const SSH_FIX: Readonly<Record<ConnectionAnswer["outcome"], (name: string) => string>> = {
  open: (name) => `read the console of VPS ${name} (docker logs) and see what listens on port 22`,
  refused: (name) =>
    `read the console of VPS ${name} (docker logs); docker restart starts its SSH server again`,
  silent: () =>
    "run simpul verify wan, then look at the counters of its gateway (nft list counters)",
  "no-route": () => "run simpul verify wan: it names the session or prefix that is missing",
  "no-name": () => "run simpul verify dns: it says which server does not know the name",
  failed: () => "run the same once more; if it stays, run simpul doctor",
};

function untestable({ placeOf }: VerifyContext, vps: TenantServerPlan): Diagnostic {
  const at = placeOf(vps.name);
  return {
    id: "vps-untested",
    severity: "error",
    ...(at !== undefined && { at }),
    what: `whether ${vps.owner} reaches ${vpsTitle(vps)} cannot be tested: its router does not run here`,
    why: "the check asks from the owner's LAN, by the address of the owner's router",
    fix: "run simpul verify wan and mend that router first",
  };
}
