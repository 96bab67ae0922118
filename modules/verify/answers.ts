import type { Diagnostic } from "../core/diagnostic.ts";
import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { firstHost } from "../plan/routing.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { FAMILIES, type Family } from "../render/bird-names.ts";
import { askAll, type NameAnswer, type Question } from "./ask-names.ts";
import { groupBy } from "./group-by.ts";
import { routerContainer, routerSlug } from "./routers.ts";
import { inParallel } from "./run-inside.ts";
import { shortList } from "./short-list.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";

/** One LAN that asks one server over one family. */
interface Inquiry {
  readonly from: RouterPlan;
  readonly server: ServerPlan;
  readonly role: "resolver" | "secondary";
  readonly family: Family;
  readonly questions: readonly ExpectedAnswer[];
}

/** What the plan answers. */
export interface ExpectedAnswer extends Question {
  /** Sorted; empty where the name must not exist. */
  readonly data: readonly string[];
}

/** Milliseconds after which somebody who mistyped a name is kept waiting. */
const SLOW_MS = 500;

/**
 * One LAN asks every planned record of every resolver and secondary; every other LAN asks the resolvers for what is
 * its own and for a name that does not exist. Over IPv4 and IPv6.
 */
export async function checkAnswers(
  context: VerifyContext,
  signedZones: ReadonlySet<string>,
): Promise<GroupOutcome<void>> {
  const { plan, engine } = context;
  const inquiries = inquiriesOf(context);
  const asked = await inParallel(inquiries, async (inquiry) => {
    const { from, server, family, questions } = inquiry;
    const source = firstHost(from.lan!)[family.key].text;
    const target = server.service[family.key].text;
    const container = routerContainer(plan, from);
    return { inquiry, answers: await askAll(engine, container, target, source, questions) };
  });
  const findings = compareAnswers(asked, (name) => isSigned(name, signedZones));
  const answers = asked.flatMap((one) => one.answers);
  const times = answers.flatMap(({ rtt }) => rtt ?? []).toSorted((a, b) => a - b);
  const answered = answers.filter(({ status }) => status !== "silence").length;
  return {
    findings: inquiries.length === 0 && hasResolver(context) ? [nobodyAsks()] : findings,
    measured: {
      names_asked: new Set(answers.map(({ name }) => name)).size,
      questions_asked: answers.length,
      questions_answered: answered,
      answer_median_ms: times[Math.floor(times.length / 2)] ?? 0,
      answer_slowest_ms: times.at(-1) ?? 0,
    },
    said: `${answered} of ${answers.length} questions answered, median ${times[Math.floor(times.length / 2)] ?? 0} ms`,
    result: undefined,
  };
}

function runs({ plan, containers }: VerifyContext, role: "name-server" | "resolver", { name }: ServerPlan): boolean {
  return containers.get(engineName({ kabupaten: plan.name, role, name }))?.running === true;
}

/** Where none runs, that finding stands already. */
function hasResolver(context: VerifyContext): boolean {
  return context.plan.dns.resolvers.some((one) => runs(context, "resolver", one));
}

function inquiriesOf(context: VerifyContext): readonly Inquiry[] {
  const { plan, containers } = context;
  const resolvers = plan.dns.resolvers.filter((one) => runs(context, "resolver", one));
  const secondaries = plan.dns.secondaries.filter((one) => runs(context, "name-server", one));
  const starts = plan.routers.filter(
    (router) =>
      router.lan !== undefined && containers.get(routerContainer(plan, router))?.running === true,
  );
  const everything = expectedAnswers(plan);
  return starts.flatMap((from, index) => {
    const own = everything.filter(({ data, type }) => type !== "PTR" && data.some((one) => isOf(from, one)));
    const questions = index === 0 ? everything : own;
    const all = [...questions, ...unplannedNames(plan)];
    return FAMILIES.flatMap((family) => [
      ...resolvers.map((server) => ({ from, server, role: "resolver" as const, family, questions: all })),
      ...(index === 0 ? secondaries : []).map((server) => ({
        from,
        server,
        role: "secondary" as const,
        family,
        questions: all,
      })),
    ]);
  });
}

function isOf({ source }: RouterPlan, data: string): boolean {
  return source.ipv4.text === data || source.ipv6.text === data;
}

/** Every set of records of the plan: the same name and type are one question. */
export function expectedAnswers({ dns }: KabupatenPlan): readonly ExpectedAnswer[] {
  const sets = groupBy(
    dns.zones.flatMap(({ records }) => records),
    ({ name, type }) => `${name} ${type}`,
  );
  return [...sets.values()].map((records) => ({
    name: records[0]!.name,
    type: records[0]!.type,
    data: records.map(({ data }) => data).toSorted(),
  }));
}

/** In every forward zone, a name that no inventory can ask for: slugs have no `--`. */
function unplannedNames({ dns }: KabupatenPlan): readonly ExpectedAnswer[] {
  return dns.zones
    .filter(({ name }) => !name.endsWith(".arpa."))
    .map(({ name }) => ({ name: `simpul--verify.${name}`, type: "A", data: [] }));
}

function isSigned(name: string, zones: ReadonlySet<string>): boolean {
  return [...zones].some((zone) => name === zone || name.endsWith(`.${zone}`));
}

/** One finding for each server, family and kind of trouble, naming what was asked and from where. */
export function compareAnswers(
  asked: readonly { readonly inquiry: Inquiry; readonly answers: readonly NameAnswer[] }[],
  signed: (name: string) => boolean,
): readonly Diagnostic[] {
  const troubles = asked.flatMap(({ inquiry, answers }) =>
    inquiry.questions.flatMap((expected, at) => {
      const kind = troubleOf(expected, answers[at]!, inquiry.role, signed);
      return kind === undefined ? [] : [{ inquiry, expected, answer: answers[at]!, kind }];
    }),
  );
  const groups = groupBy(troubles, ({ inquiry: { server, family }, kind }) =>
    [server.name, family.number, kind].join(" "),
  );
  return [...groups.values()].map((group) => {
    const { inquiry, kind } = group[0]!;
    const server = `${inquiry.role === "resolver" ? "resolver" : "name server"} ${inquiry.server.name}`;
    const from = [...new Set(group.map((one) => routerSlug(one.inquiry.from)))];
    const names = [...new Set(group.map(({ expected, answer }) => toldText(expected, answer)))];
    return {
      id: `answer-${kind}`,
      severity: "error" as const,
      what: `${server} over IPv${inquiry.family.number}, asked from the LAN of ${shortList(from)}: ${WHAT[kind]} ${kind === "silent" ? `(${inquiry.server.service[inquiry.family.key].text})` : shortList(names)}`,
      why: WHY[kind],
      fix: FIX[kind],
    };
  });
}

type Trouble = "silent" | "wrong" | "unvalidated" | "slow";

function troubleOf(
  expected: ExpectedAnswer,
  { status, data, flags, rtt }: NameAnswer,
  role: Inquiry["role"],
  signed: (name: string) => boolean,
): Trouble | undefined {
  if (status === "silence") return "silent";
  const wanted = expected.data.length === 0 ? "NXDOMAIN" : "NOERROR";
  if (status !== wanted || data.join("|") !== expected.data.join("|")) return "wrong";
  if (role === "resolver" && signed(expected.name) && !flags.includes("ad")) return "unvalidated";
  return (rtt ?? 0) > SLOW_MS ? "slow" : undefined;
}

function toldText({ name, type, data }: ExpectedAnswer, answer: NameAnswer): string {
  if (answer.data.join("|") === data.join("|")) return `${name} ${type} (${answer.status})`;
  const got = answer.data.length === 0 ? answer.status : answer.data.join(" ");
  return `${name} ${type}: ${got} instead of ${data.length === 0 ? "NXDOMAIN" : data.join(" ")}`;
}

const WHAT: Readonly<Record<Trouble, string>> = {
  silent: "no answer",
  wrong: "other answers than the plan's to",
  unvalidated: "answers without the AD flag to",
  slow: `more than ${SLOW_MS} ms for`,
};

const WHY: Readonly<Record<Trouble, string>> = {
  silent: "whoever relies on it waits for a time-out at every name",
  wrong: "names lead to what the plan says, or they lead people astray; a resolver may hold an old answer for its time to live",
  unvalidated: "without it nobody can tell a true answer from a forged one (RFC 4035 section 3.2.3)",
  slow: "every page is as slow as the names in it",
};

const FIX: Readonly<Record<Trouble, string>> = {
  silent: "run simpul verify wan for the way there; then read the console of that server (docker logs)",
  wrong: "simpul verify dns says which server holds what; wait for the time to live (300 s), or restart the resolver's container",
  unvalidated: "read the console of the resolver (docker logs): it says why validation fails; the keys may not be those of the plan's anchors",
  slow: "look at the load of the engine (docker stats) and at the way (simpul verify wan)",
};

function nobodyAsks(): Diagnostic {
  return {
    id: "answers-untested",
    severity: "error",
    what: "no router with a LAN runs here: names cannot be asked for",
    why: "the check asks from LANs, as people do",
    fix: "run simpul verify wan and mend what it names first",
  };
}
