import { Address } from "../core/address.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import type { Engine } from "../engine/docker-engine.ts";
import { firstHost } from "../plan/routing.ts";
import { FAMILIES } from "../render/bird-names.ts";
import { growth, parseCounters } from "./nft-counters.ts";
import type { PingAnswer } from "./ping-sweep.ts";
import { routerTitle, type SeenRouter } from "./routers.ts";
import type { FirewallState, GroupOutcome, VerifyContext } from "./topic.ts";

/** Private and documentation space (RFC 1918, 4193, 5737, 3849) that stands in no kabupaten's plan. */
const NOBODYS = [
  "172.31.255.77",
  "192.168.254.77",
  "203.0.113.77",
  "fdff:ffff:ffff:ffff::77",
  "2001:db8:ffff::77",
];

/** Counters of the host's packet filter for what product networks sent past their routers. */
const LEAVING = new Set(["crossed_dropped", "private_dropped", "left_dropped"]);

/** Addresses that must stay silent: nobody's, or planned and on no interface. */
export function foreignAddresses(
  context: VerifyContext,
  routers: readonly SeenRouter[],
): readonly string[] {
  const { block } = context.plan;
  return [
    ...NOBODYS.filter((text) => !isInBlock(text, context)),
    Address.inside(block.ipv4, block.ipv4.size - 2n).text,
    Address.inside(block.ipv6, block.ipv6.size - 2n).text,
    ...unusedLanHosts(routers),
  ];
}

/**
 * What is not in the plan goes nowhere: asked from each router, addresses that nobody has, or that are planned and not
 * up, stay without an answer, and no such packet even reaches the engine's host.
 * @param before counters of the host before anybody asked
 */
export async function checkIsolation(
  context: VerifyContext,
  asked: readonly ForeignAnswers[],
  before: HostCounters,
): Promise<GroupOutcome<void>> {
  const [after, firewall] = [await hostCounters(context.engine), await context.firewall()];
  const grown = new Map(
    [...growth(before ?? new Map(), after ?? new Map())].filter(([name]) => LEAVING.has(name)),
  );
  const answers = asked.flatMap((one) => one.answers);
  return {
    findings: [
      ...asked.flatMap(({ from, answers: some }) => strangersThatAnswer(from, some)),
      ...leftFindings(grown),
      ...firewallFindings(firewall),
    ],
    measured: {
      foreign_asked: answers.length,
      foreign_answered: answers.filter(({ rtt }) => rtt !== undefined).length,
      foreign_reached_host: [...grown.values()].reduce((sum, count) => sum + count, 0),
    },
    said: `${asked[0]?.answers.length ?? 0} addresses outside the plan asked from ${asked.length} routers`,
    result: undefined,
  };
}

/** What one router heard from addresses that should be silent. */
export interface ForeignAnswers {
  readonly from: SeenRouter;
  readonly answers: readonly PingAnswer[];
}

/** The second host of one LAN per family: planned, and on no interface. */
function unusedLanHosts(routers: readonly SeenRouter[]): readonly string[] {
  const [first] = routers.filter(({ router }) => router.lan !== undefined);
  if (first?.router.lan === undefined) return [];
  const router = firstHost(first.router.lan);
  return FAMILIES.map(({ key, number }) => Address.of(number, router[key].value + 1n).text);
}

function isInBlock(text: string, { plan }: VerifyContext): boolean {
  const address = Address.parse(text);
  if (address instanceof Fault) throw new Error(address.what);
  return address.isIn(plan.block.ipv4) || address.isIn(plan.block.ipv6);
}

function strangersThatAnswer(
  { router, container }: SeenRouter,
  answers: readonly PingAnswer[],
): readonly Diagnostic[] {
  return answers
    .filter(({ rtt }) => rtt !== undefined)
    .map(({ target }) => ({
      id: "foreign-address-answers",
      severity: "error" as const,
      what: `${target} answers ${routerTitle(router)}, and it is nobody's or not in use`,
      why: "what is not in the plan must go nowhere (DESIGN section 5): this answer comes from the engine's host or beyond",
      fix: `docker exec ${container} tracepath -n ${target} shows the way; then scripts/setup.sh (step firewall)`,
    }));
}

/** Packets by the counter's name; undefined where we cannot look. */
export type HostCounters = ReadonlyMap<string, number> | undefined;

/** Counters of the host's packet filter that say that a router let such a packet out. */
export async function hostCounters(engine: Engine): Promise<HostCounters> {
  const { code, stdout } = await engine.run(["nft", "list", "counters", "table", "inet", "simpul"]);
  return code === 0 ? parseCounters(stdout) : undefined;
}

function leftFindings(grown: ReadonlyMap<string, number>): readonly Diagnostic[] {
  if (grown.size === 0) return [];
  const counts = [...grown].map(([name, packets]) => `${name} ${packets}`).join(", ");
  return [
    {
      id: "foreign-packets-at-host",
      severity: "warning",
      what: `packets for addresses outside the plan reached the engine's host, which dropped them: ${counts}`,
      why: "core routers should have led them nowhere already (RFC 6890); only the host's packet filter kept them in (another deployment on this host may be the sender)",
      fix: "run simpul verify wan once more; if it stays, look for default routes: docker exec ROUTER ip -6 route show default",
    },
  ];
}

function firewallFindings(state: FirewallState): readonly Diagnostic[] {
  if (state === "in-force" || state === "out-of-reach") return [];
  return [
    {
      id: "host-firewall",
      severity: "error",
      what: `the packet filter of the engine's host is ${state === "absent" ? "not loaded" : "not what setup left there"}`,
      why: "the host joins all of its bridges: without this filter tenants reach the host and one another past their gateways",
      fix: "run scripts/setup.sh (step firewall), then simpul verify wan again",
    },
  ];
}
