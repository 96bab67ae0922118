import type { Diagnostic } from "../core/diagnostic.ts";
import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { firstHost } from "../plan/routing.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { FAMILIES } from "../render/bird-names.ts";
import { compareAnswers, isUnclear, type ExpectedAnswer, type Inquiry } from "./answers-compare.ts";
import { askAll, type NameAnswer } from "./ask-names.ts";
import { groupBy } from "./group-by.ts";
import { routerContainer } from "./routers.ts";
import type { GroupOutcome, VerifyContext } from "./topic.ts";

/**
 * One LAN asks every planned record of every resolver and secondary; every other LAN asks where everybody does, for what is
 * its own and for a name that does not exist. Over IPv4 and IPv6.
 */
export async function checkAnswers(
  context: VerifyContext,
  signedZones: ReadonlySet<string>,
): Promise<GroupOutcome<void>> {
  const inquiries = inquiriesOf(context);
  const first = await askFrom(context, inquiries);
  const again = await askFrom(context, first.flatMap(unclear));
  const asked = first.map((one) => withSecond(one, again));
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
      questions_asked_again: again.flatMap((one) => one.answers).length,
      answer_median_ms: times[Math.floor(times.length / 2)] ?? 0,
      answer_slowest_ms: times.at(-1) ?? 0,
    },
    said: `${answered} of ${answers.length} questions answered, median ${times[Math.floor(times.length / 2)] ?? 0} ms`,
    result: undefined,
  };
}

interface Asked {
  readonly inquiry: Inquiry;
  /** In the order of the inquiry's questions. */
  readonly answers: readonly NameAnswer[];
}

/** All that one LAN asks by one execution. */
async function askFrom(
  { plan, engine }: VerifyContext,
  inquiries: readonly Inquiry[],
): Promise<readonly Asked[]> {
  const ask = async ([from, some]: readonly [RouterPlan, readonly Inquiry[]]) => {
    const inquests = some.map(({ server, family: { key }, questions }) => ({
      server: server.service[key].text,
      source: firstHost(from.lan!)[key].text,
      questions,
    }));
    const answers = await askAll(engine, routerContainer(plan, from), inquests);
    return some.map((inquiry, at) => ({ inquiry, answers: answers[at]! }));
  };
  const byStart = groupBy(inquiries, ({ from }) => from);
  return (await Promise.all([...byStart.entries()].map(ask))).flat();
}

/** What of it is asked once more: a machine that verifies everything at once may itself be what was slow. */
function unclear({ inquiry, answers }: Asked): readonly Inquiry[] {
  const questions = inquiry.questions.filter((_, at) => isUnclear(answers[at]!));
  return questions.length === 0 ? [] : [{ ...inquiry, questions }];
}

function withSecond({ inquiry, answers }: Asked, again: readonly Asked[]): Asked {
  const { from, server, family } = inquiry;
  const second = again.find(
    (one) =>
      one.inquiry.from === from && one.inquiry.server === server && one.inquiry.family === family,
  );
  const later = [...(second?.answers ?? [])];
  return {
    inquiry,
    answers: answers.map((answer) => (isUnclear(answer) ? (later.shift() ?? answer) : answer)),
  };
}

function runs(
  { plan, containers }: VerifyContext,
  role: "name-server" | "resolver",
  { name }: ServerPlan,
): boolean {
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
  const everybodys = askedResolver(plan, resolvers);
  return starts.flatMap((from, index) => {
    const own = everything.filter(
      ({ data, type }) => type !== "PTR" && data.some((one) => isOf(from, one)),
    );
    const questions = index === 0 ? everything : own;
    const all = [...questions, ...unplannedNames(plan)];
    return FAMILIES.flatMap((family) => [
      ...[...new Set([...everybodys, ...(index === 0 ? resolvers : [])])].map((server) => ({
        from,
        server,
        role: "resolver" as const,
        family,
        questions: all,
      })),
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

/** The address that LANs are told, where it is none of the resolvers' own: whichever is nearest answers. */
function askedResolver(
  { dns }: KabupatenPlan,
  running: readonly ServerPlan[],
): readonly ServerPlan[] {
  const [first] = running;
  if (first === undefined) return [];
  const own = running.find(({ service }) => service.ipv4.text === dns.asked.ipv4.text);
  return own === undefined ? [{ ...first, name: "resolver", service: dns.asked }] : [own];
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

function nobodyAsks(): Diagnostic {
  return {
    id: "answers-untested",
    severity: "error",
    what: "no router with a LAN runs here: names cannot be asked for",
    why: "the check asks from LANs, as people do",
    fix: "run simpul verify wan and mend what it names first",
  };
}
