import { execFileSync, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { appendEvidence } from "../../modules/evidence/append.ts";
import { listEvidence } from "../../modules/evidence/list-evidence.ts";
import { writerName } from "../../modules/evidence/ledger.ts";
import { verifyLedger } from "../../modules/evidence/verify-ledger.ts";
import { LedgerLab, someEvidence, type Machine } from "./ledger-lab.ts";

let lab: LedgerLab;

beforeEach(() => {
  lab = new LedgerLab();
});
afterEach(() => lab.remove());

const numbersIn = async (folder: string) =>
  (await listEvidence(folder, {})).map(({ measured }) => measured["sessions_up"] as number);

function git(folder: string, ...words: readonly string[]): string {
  const identity = ["-c", "user.name=simpul", "-c", "user.email=simpul@localhost"];
  return execFileSync("git", [...identity, ...words], { cwd: folder, encoding: "utf8" });
}

describe("two machines", () => {
  it("that both record, in whatever order they share, lose nothing in git", async () => {
    const act = fc.constantFrom("write-a", "write-b", "share-a", "share-b");
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 10 }), async (acts) => {
        const own = new LedgerLab();
        try {
          const machines = clones(own);
          let number = 0;
          for (const each of [...acts, "share-a", "share-b", "share-a"]) {
            const { folder, machine } = machines[each.endsWith("a") ? "a" : "b"];
            if (each.startsWith("write"))
              await appendEvidence(machine.ledger, someEvidence(++number));
            else share(folder);
          }
          for (const { folder, machine } of Object.values(machines)) {
            const all = await numbersIn(machine.ledger.folder);
            expect(all.toSorted((a, b) => a - b)).toEqual(
              Array.from({ length: number }, (_, at) => at + 1),
            );
            expect(git(folder, "status", "--short")).toBe("");
            const signers = Object.values(machines).map(({ machine: { signer } }) => signer);
            const verified = await verifyLedger({
              ...{ kabupaten: "uji", folder: machine.ledger.folder, signers, copies: [] },
            });
            expect(verified.findings).toEqual([]);
          }
        } finally {
          own.remove();
        }
      }),
      { numRuns: 6 },
    );
  });

  it("that hold the same key, one a copy of the other, write files of their own", () => {
    const { key } = lab.machine("pusat-data").signer;
    expect(writerName(key, "machine-a")).not.toBe(writerName(key, "machine-b"));
  });
});

interface Clone {
  readonly folder: string;
  readonly machine: Machine;
}

function clones(own: LedgerLab): Readonly<Record<"a" | "b", Clone>> {
  git(own.folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git");
  const cloneOf = (name: string): Clone => {
    git(own.folder, "clone", "--quiet", "origin.git", name);
    const machine = own.machine(name, path.join(name, "evidence/uji"));
    return { folder: path.join(own.folder, name), machine };
  };
  const a = cloneOf("a");
  git(a.folder, "commit", "--quiet", "--allow-empty", "-m", "begin");
  git(a.folder, "push", "--quiet", "origin", "HEAD:main");
  return { a, b: cloneOf("b") };
}

/** As the workflow does it: commit, merge what others have, push. */
function share(folder: string): void {
  git(folder, "add", "--all");
  if (git(folder, "status", "--short") !== "") git(folder, "commit", "--quiet", "-m", "evidence");
  git(folder, "fetch", "--quiet");
  if (git(folder, "branch", "-r") !== "")
    git(folder, "merge", "--quiet", "--no-edit", "origin/main");
  git(folder, "push", "--quiet", "origin", "HEAD:main");
}

describe("processes of one machine", () => {
  it("that record at once lose nothing, and those that are killed leave no lock and no gap", async () => {
    const machine = lab.machine("pusat-data");
    const { folder, secrets } = machine.ledger;
    const program = path.join(import.meta.dirname, "append-many.ts");
    const run = (first: number, count: number, lives?: number) =>
      new Promise<readonly number[]>((resolve) => {
        const words = ["--import", "tsx", program, folder, secrets, `${first}`, `${count}`];
        const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
        let said = "";
        child.stdout.on("data", (part: Buffer) => {
          said += part.toString();
          if (lives !== undefined && said.split("\n").length > lives) child.kill("SIGKILL");
        });
        child.once("close", () => resolve(said.trim().split("\n").map(Number)));
      });
    await appendEvidence({ ...machine.ledger, now: () => new Date() }, someEvidence(1));
    // What a killed one leaves of a head that it was about to put in place.
    writeFileSync(path.join(folder, "heads", `${machine.writer}.12345678.new`), "half");
    const said = await Promise.all([run(100, 8), run(200, 8), run(300, 50, 3), run(400, 50, 5)]);
    await appendEvidence({ ...machine.ledger, now: () => new Date() }, someEvidence(2));
    const kept = await numbersIn(folder);
    for (const number of said.flat()) expect(kept).toContain(number);
    expect(kept.filter((number) => number >= 100 && number < 300)).toHaveLength(16);
    expect(new Set(kept).size).toBe(kept.length);
    const verified = await verifyLedger({
      ...{ kabupaten: "uji", folder, signers: [machine.signer], copies: [] },
    });
    expect(verified.findings).toEqual([]);
    expect(readdirSync(path.join(folder, "heads"))).toEqual([machine.writer]);
  });
});
