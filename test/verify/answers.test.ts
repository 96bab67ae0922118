import { beforeAll, describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { FAMILIES } from "../../modules/render/bird-names.ts";
import { compareAnswers } from "../../modules/verify/answers-compare.ts";
import { expectedAnswers } from "../../modules/verify/answers.ts";
import type { NameAnswer } from "../../modules/verify/ask-names.ts";
import { ujiPlan } from "./uji-plan.ts";

let plan: KabupatenPlan;

beforeAll(async () => {
  plan = await ujiPlan();
});

function told(
  change: (answer: NameAnswer) => Partial<NameAnswer>,
  role: "resolver" | "secondary" = "resolver",
) {
  const questions = [
    ...expectedAnswers(plan).slice(0, 3),
    { name: `simpul--verify.${plan.domain}.`, type: "A", data: [] },
  ];
  const inquiry = {
    from: plan.routers.find(({ lan }) => lan)!,
    server: plan.dns.resolvers[0]!,
    role,
    family: FAMILIES[0]!,
    questions,
  };
  const answers = questions.map(({ name, type, data }) => {
    const answer: NameAnswer = {
      name,
      type,
      data,
      status: data.length === 0 ? "NXDOMAIN" : "NOERROR",
      flags: ["qr", "rd", "ra", "ad"],
      rtt: 1,
    };
    return { ...answer, ...change(answer) };
  });
  return compareAnswers([{ inquiry, answers }], () => true).map(({ id }) => id);
}

describe("answers of a resolver", () => {
  it("covers every record of the plan once", () => {
    const records = plan.dns.zones.flatMap((zone) => zone.records);
    const expected = expectedAnswers(plan);
    expect(expected.flatMap(({ data }) => data)).toHaveLength(records.length);
    expect(new Set(expected.map(({ name, type }) => `${name} ${type}`)).size).toBe(expected.length);
  });

  it.each<[string, (answer: NameAnswer) => Partial<NameAnswer>, readonly string[]]>([
    ["are the plan's", () => ({}), []],
    ["are missing", () => ({ status: "silence", data: [] }), ["answer-silent"]],
    ["are others", ({ data }) => (data.length > 0 ? { data: ["10.9.9.9"] } : {}), ["answer-wrong"]],
    [
      "say that a name is not there",
      ({ data }) => (data.length > 0 ? { status: "NXDOMAIN", data: [] } : {}),
      ["answer-wrong"],
    ],
    [
      "know a name that nobody planned",
      ({ data }) => (data.length === 0 ? { status: "NOERROR", data: ["10.9.9.9"] } : {}),
      ["answer-wrong"],
    ],
    ["are not validated", () => ({ flags: ["qr", "rd", "ra"] }), ["answer-unvalidated"]],
    ["are slow", () => ({ rtt: 900 }), ["answer-slow"]],
  ])("%s", (_, change, ids) => {
    expect(told(change)).toEqual(ids);
  });

  it("need no validation from a secondary, which validates nothing", () => {
    expect(told(() => ({ flags: ["qr", "aa", "rd"] }), "secondary")).toEqual([]);
  });
});
