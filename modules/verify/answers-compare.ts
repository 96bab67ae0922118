import type { Diagnostic } from "../core/diagnostic.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import type { Family } from "../render/bird-names.ts";
import type { NameAnswer, Question } from "./ask-names.ts";
import { groupBy } from "./group-by.ts";
import { routerSlug } from "./routers.ts";
import { shortList } from "./short-list.ts";

/** One LAN that asks one server over one family. */
export interface Inquiry {
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

/** No answer, or a late one. */
export function isUnclear({ status, rtt }: NameAnswer): boolean {
  return status === "silence" || (rtt ?? 0) > SLOW_MS;
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
  wrong:
    "names lead to what the plan says, or they lead people astray; a resolver may hold an old answer for its time to live",
  unvalidated:
    "without it nobody can tell a true answer from a forged one (RFC 4035 section 3.2.3)",
  slow: "every page is as slow as the names in it",
};

const FIX: Readonly<Record<Trouble, string>> = {
  silent:
    "run simpul verify wan for the way there; then read the console of that server (docker logs)",
  wrong:
    "simpul verify dns says which server holds what; wait for the time to live (300 s), or restart the resolver's container",
  unvalidated:
    "read the console of the resolver (docker logs): it says why validation fails; the keys may not be those of the plan's anchors",
  slow: "look at the load of the engine (docker stats) and at the way (simpul verify wan)",
};
