import { describe, expect, it } from "vitest";

import { compareCertificates } from "../../modules/verify/edge-certificates.ts";
import { askingLans, compareNames, nameAttempts } from "../../modules/verify/edge-names.ts";
import { parseProbes, type NameAnswer } from "../../modules/verify/edge-probe.ts";
import { ujiPlan } from "./uji-plan.ts";

const placeOf = (slug: string) => ({ file: `vps/${slug}.yaml`, line: 1, column: 1 });
const OK: NameAnswer = { outcome: "answered", status: 200, said: "" };

describe("parseProbes", () => {
  it("tells apart what curl says, by family, and takes what it does not know for silence", () => {
    const probes = ([4, 6, 4, 6, 4, 4] as const).map((family) => ({ family, name: "a.example" }));
    const output = `6 1 000 35 unrecognized name\n4 0 200 0 \n4 2 000 28 timed out\n6 0 000 60 SSL certificate problem\n4 1 000 6 Could not resolve\n`;
    expect(parseProbes(probes, output).map(({ outcome, status }) => [outcome, status])).toEqual([
      ["answered", 200],
      ["untrusted", 0],
      ["no-name", 0],
      ["refused-name", 0],
      ["silent", 0],
      ["silent", 0],
    ]);
  });
});

describe("compareNames", async () => {
  const plan = await ujiPlan();
  const { publications } = plan.edge!;
  const lans = plan.routers.filter(({ lan }) => lan !== undefined);
  const asked = askingLans(publications, lans).flatMap((from) => nameAttempts(publications, from));
  const idsFor = (answerOf: (allowed: boolean) => NameAnswer): readonly string[] =>
    compareNames(
      { placeOf },
      asked.map((attempt) => ({ attempt, answer: answerOf(attempt.allowed) })),
    ).map(({ id, severity }) => `${severity} ${id}`);
  const refusing = (allowed: boolean, answer: NameAnswer = OK): NameAnswer =>
    allowed ? answer : { ...OK, status: 403 };

  it("asks over both families, from LANs that may and LANs that may not", () => {
    expect(new Set(asked.map(({ family }) => family))).toEqual(new Set([4, 6]));
    const sik = asked.filter(({ publication }) => publication.vps === "sik-puskesmas");
    expect(new Set(sik.map(({ allowed }) => allowed))).toEqual(new Set([true, false]));
  });

  it("finds nothing where those who may are answered, and others refused", () => {
    expect(idsFor((allowed) => refusing(allowed))).toEqual([]);
    expect(idsFor((allowed) => refusing(allowed, { ...OK, status: 404 }))).toEqual([]);
  });

  it("says one thing for each publication, however many meet it", () => {
    const two = (id: string): readonly string[] => publications.map(() => id);
    expect(idsFor((allowed) => refusing(allowed, { ...OK, status: 503 }))).toEqual(
      two("warning published-server-down"),
    );
    expect(idsFor(() => ({ ...OK, outcome: "silent" }))).toEqual(
      two("error published-name-unreachable"),
    );
    expect(idsFor(() => ({ ...OK, outcome: "untrusted" }))).toEqual(
      two("error published-name-untrusted"),
    );
    expect(idsFor(() => OK)).toEqual(["error published-name-open"]);
  });
});

describe("compareCertificates", async () => {
  const plan = await ujiPlan();
  const now = Date.parse("2026-11-23T00:00:00Z");
  const name = plan.edge!.publications[0]!.names[0]!;
  it.each([
    ["Feb 20 00:00:00 2027 GMT", []],
    ["Dec  1 00:00:00 2026 GMT", ["certificate-ends"]],
    ["Nov  1 00:00:00 2026 GMT", ["certificate-ends"]],
    [undefined, ["certificate-missing"]],
  ])("judges an end at %s", (ends, expected) => {
    const found = compareCertificates({ plan, placeOf }, [{ name, ends }], now);
    expect(found.map(({ id }) => id)).toEqual(expected);
  });
});
