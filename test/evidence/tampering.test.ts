import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lineHash, lineText, NOTHING_BEFORE } from "../../modules/evidence/evidence-line.ts";
import { signedHeadText } from "../../modules/evidence/head.ts";
import { ensureSigningKey } from "../../modules/evidence/signature.ts";
import { verifyLedger, type VerifiedLedger } from "../../modules/evidence/verify-ledger.ts";
import { LedgerLab, someEvidence, type Machine } from "./ledger-lab.ts";

const COUNT = 12;
const FROM = Date.UTC(2026, 10, 30, 23, 50);
let lab: LedgerLab;
let machine: Machine;
let head: string;
/** Ten lines of November, two of December. */
let whole: readonly string[];

beforeAll(() => {
  lab = new LedgerLab();
  machine = lab.machine("pusat-data");
  whole = chainOf(COUNT);
  head = headOf(whole);
});
afterAll(() => lab.remove());

function chainOf(count: number): readonly string[] {
  const lines: string[] = [];
  for (let sequence = 1; sequence <= count; sequence++)
    lines.push(
      lineText(
        someEvidence(sequence),
        { sequence, previous: sequence === 1 ? NOTHING_BEFORE : lineHash(lines.at(-1)!) },
        new Date(FROM + (sequence - 1) * 60_000),
      ),
    );
  return lines;
}

function headOf(lines: readonly string[]): string {
  const key = ensureSigningKey(machine.ledger.secrets);
  const { writer } = machine;
  return signedHeadText(
    { kabupaten: "uji", writer, sequence: lines.length, line: lines.at(-1)! },
    key,
  );
}

/** What verify says of a ledger with these lines in its two files. */
async function judged(
  november: readonly string[],
  december: readonly string[] = whole.slice(10),
  options: { readonly head?: string; readonly copies?: readonly string[] } = {},
): Promise<VerifiedLedger> {
  const { folder } = machine.ledger;
  rmSync(folder, { recursive: true, force: true });
  const put = (name: string, text: string): void => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  put(`2026-11/${machine.writer}.jsonl`, november.join(""));
  put(`2026-12/${machine.writer}.jsonl`, december.join(""));
  const said = options.head ?? head;
  if (said !== "") put(`heads/${machine.writer}`, said);
  const signers = [machine.signer];
  return verifyLedger({ kabupaten: "uji", folder, signers, copies: options.copies ?? [] });
}

/** Id and place of each finding. */
const told = ({ findings }: VerifiedLedger) =>
  findings.map(({ id, at }) => `${id} ${at?.file.slice(13, 20) ?? ""}:${at?.line ?? ""}`);
const november = () => [...whole.slice(0, 10)];
const edited = (line: string) => line.replace('"sessions_up":', '"sessions_up":7');

describe("a ledger that somebody changed", () => {
  it("is found to be whole when nobody did", async () => {
    expect(told(await judged(november()))).toEqual([]);
  });

  it("shows which line was edited, wherever it stands", async () => {
    for (let at = 0; at < COUNT; at++) {
      const lines = whole.with(at, edited(whole[at]!));
      const [month, number] = at < 10 ? ["2026-11", at + 1] : ["2026-12", at - 9];
      expect(told(await judged(lines.slice(0, 10), lines.slice(10))), `line ${at + 1}`).toEqual([
        `evidence-edited ${month}:${number}`,
      ]);
    }
  });

  it("shows an edited line whose hashes were all made to fit", async () => {
    const lines = whole.with(4, edited(whole[4]!));
    for (let at = 5; at < COUNT; at++)
      lines[at] = lines[at]!.replace(
        /"previous":"\w+"/,
        `"previous":"${lineHash(lines[at - 1]!)}"`,
      );
    const findings = told(await judged(lines.slice(0, 10), lines.slice(10)));
    expect(findings).toContain("evidence-edited 2026-12:2");
    const copy = headOf(whole.slice(0, 5));
    const known = await judged(lines.slice(0, 10), lines.slice(10), { copies: [copy] });
    expect(told(known)).toContain("evidence-edited 2026-11:5");
  });

  it("shows which lines were removed", async () => {
    for (let from = 0; from < 10; from++) {
      const { findings } = await judged(november().toSpliced(from, 2));
      const [first, last] = [from + 1, Math.min(from + 2, 10)];
      expect(findings.map(({ id }) => id)).toEqual(["evidence-removed"]);
      expect(findings[0]!.what).toContain(
        first === last ? `entry ${first} of` : `entry ${first} to ${last} of`,
      );
    }
  });

  it("shows a month that is gone", async () => {
    const { findings } = await judged([]);
    expect(findings.map(({ id }) => id)).toEqual(["evidence-removed"]);
    expect(findings[0]!.what).toContain("entry 1 to 10");
  });

  it("shows that its end is gone", async () => {
    for (let last = 1; last <= 2; last++) {
      const { findings } = await judged(november(), whole.slice(10, 12 - last));
      expect(findings.map(({ id }) => id)).toEqual(["evidence-truncated"]);
    }
    const { findings } = await judged(november().slice(0, 3), []);
    expect(findings[0]!.what).toContain("entry 4 to 12");
  });

  it("shows which line was inserted", async () => {
    for (let at = 0; at <= 10; at++) {
      const forged = lineText(
        someEvidence(99, "document"),
        { sequence: at + 1, previous: at === 0 ? NOTHING_BEFORE : lineHash(whole[at - 1]!) },
        new Date(FROM + at * 60_000),
      );
      expect(told(await judged(november().toSpliced(at, 0, forged)))).toEqual([
        `evidence-inserted 2026-11:${at + 1}`,
      ]);
    }
  });

  it("shows lines behind the end that was signed", async () => {
    const longer = chainOf(14);
    expect(told(await judged(november(), longer.slice(10)))).toEqual([
      "evidence-inserted 2026-12:3",
      "evidence-inserted 2026-12:4",
    ]);
  });

  it("shows lines that changed places", async () => {
    expect(told(await judged(november().with(3, whole[4]!).with(4, whole[3]!)))).toHaveLength(1);
    const first = november().toSpliced(0, 1).concat(whole[0]!);
    expect(told(await judged(first))).toEqual(["evidence-reordered 2026-11:10"]);
  });

  it("shows a line that stands there twice", async () => {
    expect(told(await judged(november().toSpliced(7, 0, whole[2]!)))).toEqual([
      "evidence-inserted 2026-11:8",
    ]);
  });

  it("shows which line is no longer one of ours", async () => {
    for (let at = 0; at < 10; at++)
      for (const text of [
        "{}\n",
        "\n",
        "rubbish\n",
        whole[at]!.replace(/"sequence":\d+/, '"sequence":77'),
      ])
        expect(told(await judged(november().with(at, text))), `${at} ${text}`).toEqual([
          `evidence-edited 2026-11:${at + 1}`,
        ]);
  });

  it("shows a line with an earlier time, though its chain is right and signed", async () => {
    const lines = [...november()];
    const text = lineText(
      someEvidence(11),
      { sequence: 11, previous: lineHash(lines[9]!) },
      new Date(FROM - 86_400_000),
    );
    const said = await judged([...lines, text], [], { head: headOf([...lines, text]) });
    expect(told(said)).toEqual(["evidence-back-dated 2026-11:11"]);
  });

  it("shows a line in the file of another month", async () => {
    const said = await judged([...whole.slice(0, 11)], whole.slice(11));
    expect(told(said)).toEqual(["evidence-misfiled 2026-11:11"]);
  });

  it("shows every change of several at once", async () => {
    const lines = november().with(2, edited(whole[2]!)).toSpliced(6, 1);
    expect(told(await judged(lines)).toSorted()).toEqual([
      "evidence-edited 2026-11:3",
      "evidence-removed 2026-11:6",
    ]);
  });
});

describe("a head", () => {
  it("that is gone, changed, signed by another or another's is told", async () => {
    const gone = await judged(november(), undefined, { head: "" });
    expect(told(gone)).toEqual(["evidence-head-missing :"]);
    const changed = head.replace('"sequence":12', '"sequence":11');
    expect(told(await judged(november(), undefined, { head: changed }))).toEqual([
      "evidence-head-forged :",
    ]);
    const stranger = lab.machine("stranger");
    const foreign = signedHeadText(
      { kabupaten: "uji", writer: machine.writer, sequence: COUNT, line: whole.at(-1)! },
      ensureSigningKey(stranger.ledger.secrets),
    );
    expect(told(await judged(november(), undefined, { head: foreign }))).toEqual([
      "evidence-signer-unknown :",
    ]);
    const moved = signedHeadText(
      { kabupaten: "lain", writer: machine.writer, sequence: COUNT, line: whole.at(-1)! },
      ensureSigningKey(machine.ledger.secrets),
    );
    expect(told(await judged(november(), undefined, { head: moved }))).toEqual([
      "evidence-head-forged :",
    ]);
  });

  it("that was kept elsewhere shows a ledger that was cut and signed anew", async () => {
    const short = november();
    const said = await judged(short, [], { head: headOf(short), copies: [head] });
    expect(said.findings.map(({ id }) => id)).toEqual(["evidence-truncated"]);
    expect(said.findings[0]!.what).toContain("entry 11 to 12");
  });

  it("that was kept elsewhere shows a ledger of the same length that was written anew and signed", async () => {
    const other = [
      ...whole.slice(0, 11),
      whole[11]!.replace('"sessions_up":12', '"sessions_up":21'),
    ];
    const copies = [headOf(whole)];
    for (const both of [copies, [...copies, headOf(other)], [headOf(other), ...copies]]) {
      const said = await judged(november(), other.slice(10), { head: headOf(other), copies: both });
      expect(told(said)).toEqual([expect.stringContaining("edited")]);
    }
  });

  it("that was kept elsewhere shows a writer that is gone altogether", async () => {
    await judged(november());
    rmSync(machine.ledger.folder, { recursive: true });
    const { folder } = machine.ledger;
    const said = await verifyLedger({
      ...{ kabupaten: "uji", folder, signers: [machine.signer], copies: [head] },
    });
    expect(said.findings.map(({ id }) => id)).toEqual([
      "evidence-head-missing",
      "evidence-truncated",
    ]);
  });

  it("made up elsewhere says nothing", async () => {
    const made = head.replace(/"hash":"\w/, '"hash":"0');
    expect(told(await judged(november(), undefined, { copies: [made] }))).toEqual([]);
  });
});

describe("any change of any byte", () => {
  it("is found", async () => {
    const text = november().join("");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const bytes = Buffer.from(text);
          bytes[at] = bytes[at]! ^ by;
          await judged(november());
          const file = path.join(machine.ledger.folder, "2026-11", `${machine.writer}.jsonl`);
          writeFileSync(file, bytes);
          const { findings } = await verifyLedger({
            kabupaten: "uji",
            folder: machine.ledger.folder,
            signers: [machine.signer],
            copies: [],
          });
          const line = text.slice(0, at).split("\n").length;
          expect(findings.length, readFileSync(file, "utf8")).toBeGreaterThan(0);
          expect(findings.some((finding) => Math.abs((finding.at?.line ?? 0) - line) <= 1)).toBe(
            true,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
