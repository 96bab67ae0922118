import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { appendEvidence } from "../../modules/evidence/append.ts";
import { lineHash, NOTHING_BEFORE, parseLine } from "../../modules/evidence/evidence-line.ts";
import { verifyLedger } from "../../modules/evidence/verify-ledger.ts";
import { LedgerLab, someEvidence, type Machine } from "./ledger-lab.ts";

let lab: LedgerLab;
let machine: Machine;
let file: string;

beforeEach(() => {
  lab = new LedgerLab();
  machine = lab.machine("pusat-data");
  file = path.join(machine.ledger.folder, "2026-11", `${machine.writer}.jsonl`);
});
afterEach(() => lab.remove());

const verified = () =>
  verifyLedger({
    kabupaten: "uji",
    folder: machine.ledger.folder,
    signers: [machine.signer],
    copies: [],
  });
const lines = () => readFileSync(file, "utf8").split(/(?<=\n)/);

describe("a ledger", () => {
  it("holds each thing as a line with the hash of the line before, and ends in a signed head", async () => {
    await appendEvidence(machine.ledger, someEvidence(1));
    const [second] = await appendEvidence(machine.ledger, {
      ...someEvidence(2),
      findings: [{ id: "session-down", severity: "error", what: "a session is down" }],
    });
    const [first, last] = lines().map((line) => parseLine(line)!);
    expect(first).toMatchObject({ sequence: 1, previous: NOTHING_BEFORE, ok: true });
    expect(last).toEqual(second);
    expect(last).toMatchObject({
      sequence: 2,
      previous: lineHash(lines()[0]!),
      time: "2026-11-23T02:01:00.000Z",
      ok: false,
    });
    expect(await verified()).toEqual({
      findings: [],
      writers: [
        {
          writer: machine.writer,
          lines: 2,
          files: [`2026-11/${machine.writer}.jsonl`],
          signer: "pusat-data",
          key: machine.signer.key,
        },
      ],
    });
  });

  it("goes on in a new file when the month ends, in the same chain", async () => {
    lab.setClock("2026-11-30T23:59:00Z");
    await appendEvidence(machine.ledger, someEvidence(1), someEvidence(2));
    const december = readFileSync(file.replace("2026-11", "2026-12"), "utf8");
    expect(parseLine(december)).toMatchObject({
      sequence: 2,
      previous: lineHash(lines()[0]!),
      time: "2026-12-01T00:00:00.000Z",
    });
    expect((await verified()).findings).toEqual([]);
  });

  it("keeps text that people wrote on one line, whatever is in it", async () => {
    const what = 'a "quote", a \n newline, \u2028 and \u0000 ${x} %{y}';
    await appendEvidence(machine.ledger, {
      ...someEvidence(1),
      findings: [{ id: "x-y", severity: "warning", what }],
    });
    await appendEvidence(machine.ledger, someEvidence(2));
    expect(parseLine(lines()[0]!)!.findings[0]!.what).toBe(what);
    expect((await verified()).findings).toEqual([]);
  });
});

describe("a power cut", () => {
  const cuts = [1, 2, 40, 200];
  it.each(cuts)(
    "that leaves %i bytes too few is mended by the next line, and told",
    async (few) => {
      await appendEvidence(machine.ledger, someEvidence(1), someEvidence(2));
      const before = readFileSync(file);
      truncateSync(file, before.length - few);
      expect((await verified()).findings.map(({ id }) => id)).toContain("evidence-truncated");
      await appendEvidence(machine.ledger, someEvidence(3));
      const after = readFileSync(file);
      expect(after.subarray(0, before.length).equals(before)).toBe(true);
      const [repair, third] = lines()
        .slice(2)
        .map((line) => parseLine(line)!);
      expect(repair).toMatchObject({ kind: "ledger-repair", sequence: 3, ok: true });
      expect(repair!.findings[0]!.id).toBe("evidence-torn-line");
      const torn = before.subarray(before.indexOf(10) + 1, before.length - few);
      expect(repair!.measured).toMatchObject({
        cut_bytes: torn.length,
        cut_sha256: lineHash(torn),
        cut_base64: torn.toString("base64"),
      });
      expect(third).toMatchObject({ sequence: 4, measured: { sessions_up: 3 } });
      expect((await verified()).findings).toEqual([]);
    },
  );

  it("that leaves bytes of nobody behind the last line is told as well", async () => {
    await appendEvidence(machine.ledger, someEvidence(1));
    appendFileSync(file, Buffer.alloc(900));
    expect((await verified()).findings.map(({ id }) => id)).toEqual(["evidence-torn"]);
    await appendEvidence(machine.ledger, someEvidence(2));
    expect(lines().map((line) => parseLine(line)!.kind)).toEqual([
      "verify-wan",
      "ledger-repair",
      "verify-wan",
    ]);
    expect((await verified()).findings).toEqual([]);
  });

  it("between the head and the line loses neither", async () => {
    await appendEvidence(machine.ledger, someEvidence(1), someEvidence(2));
    truncateSync(file, statSync(file).size - lines()[1]!.length);
    await appendEvidence(machine.ledger, someEvidence(3));
    expect(lines().map((line) => parseLine(line)!.measured["sessions_up"])).toEqual([1, 2, 3]);
    expect((await verified()).findings).toEqual([]);
  });

  it("between the repair and the end of its note does not tell it twice", async () => {
    await appendEvidence(machine.ledger, someEvidence(1));
    appendFileSync(file, "torn");
    const note = path.join(machine.ledger.secrets, "evidence", "torn.json");
    const said = { file: "x", bytes: 4, hash: lineHash("torn"), begins: "dG9ybg==" };
    await appendEvidence(machine.ledger);
    writeFileSync(note, JSON.stringify(said));
    await appendEvidence(machine.ledger, someEvidence(2));
    expect(lines().filter((line) => line.includes("ledger-repair"))).toHaveLength(1);
    expect(existsSync(note)).toBe(false);
  });
});

describe("a machine", () => {
  it("that loses its ledger's folder to an older copy goes on where it was", async () => {
    await appendEvidence(machine.ledger, someEvidence(1));
    const old = lab.text("ledger", "2026-11", `${machine.writer}.jsonl`);
    await appendEvidence(machine.ledger, someEvidence(2), someEvidence(3));
    const whole = lines();
    writeFileSync(file, old);
    await appendEvidence(machine.ledger, someEvidence(4));
    const { findings } = await verified();
    expect(findings.map(({ id }) => id)).toEqual(["evidence-removed"]);
    expect(findings[0]!.what).toContain("entry 2 to 3");
    writeFileSync(file, [...whole, lines().at(-1)!].join(""));
    expect((await verified()).findings).toEqual([]);
  });

  it("whose secrets are older than its ledger goes on where the ledger is", async () => {
    await appendEvidence(machine.ledger, someEvidence(1), someEvidence(2));
    rmSync(path.join(machine.ledger.secrets, "evidence", "head"));
    await appendEvidence(machine.ledger, someEvidence(3));
    expect(lines().map((line) => parseLine(line)!.sequence)).toEqual([1, 2, 3]);
    expect((await verified()).findings).toEqual([]);
  });

  it("does not go on behind a head that somebody else wrote", async () => {
    await appendEvidence(machine.ledger, someEvidence(1));
    const head = path.join(machine.ledger.folder, "heads", machine.writer);
    writeFileSync(head, readFileSync(head, "utf8").replace('"sequence":1', '"sequence":9'));
    await appendEvidence(machine.ledger, someEvidence(2));
    expect(lines().map((line) => parseLine(line)!.sequence)).toEqual([1, 2]);
    expect((await verified()).findings).toEqual([]);
  });

  it("keeps its key to itself", () => {
    expect(statSync(path.join(machine.ledger.secrets, "evidence", "id_ed25519")).mode & 0o777).toBe(
      0o600,
    );
  });
});

describe("a full disk", () => {
  it("is an error that says so, and nothing that was there is lost", async () => {
    // A folder of 1 MiB in the memory, in a mount namespace of its own where this machine allows one.
    const program = path.join(import.meta.dirname, "full-disk.ts");
    const { stdout, stderr, status } = spawnSync(
      "unshare",
      [
        "--mount",
        "sh",
        "-euc",
        'mount -t tmpfs -o size=1m tmpfs "$1"; exec "$2" "$3" "$1"',
        "full",
      ].concat([lab.folder, path.resolve("node_modules/.bin/tsx"), program]),
      { encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const said = JSON.parse(stdout) as Record<string, unknown>;
    expect(said).toMatchObject({ code: "ENOSPC", findings: [], findingsAfter: [] });
    expect(said["lines"]).toBe(said["kept"]);
    expect(said["linesAfter"]).toBeGreaterThan(said["lines"] as number);
  });
});
