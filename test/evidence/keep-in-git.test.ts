import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { appendEvidence } from "../../modules/evidence/append.ts";
import { keepInGit, type KeptInGit } from "../../modules/evidence/keep-in-git.ts";
import { verifyLedger } from "../../modules/evidence/verify-ledger.ts";
import { LedgerLab, someEvidence, type Machine } from "./ledger-lab.ts";

let lab: LedgerLab;
beforeEach(() => (lab = new LedgerLab()));
afterEach(() => lab.remove());

const DOMAIN = "ujikab.go.id";

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" }).trim();
}

/** A machine whose ledgers stand in a folder of its own. */
const machine = (name: string): Machine => lab.machine(name, `${name}/evidence/uji`);
const rootOf = ({ ledger }: Machine): string => path.dirname(ledger.folder);

async function kept({ ledger }: Machine): Promise<KeptInGit> {
  const said = await keepInGit(ledger, DOMAIN);
  if (said instanceof Fault) throw new Error(said.what);
  return said;
}

describe("a ledger in git", () => {
  it("is committed in a repository of its own, which is made, and only where something is new", async () => {
    const one = machine("satu");
    // As in a checkout that ignores the folder.
    mkdirSync(path.dirname(rootOf(one)), { recursive: true });
    git(path.dirname(rootOf(one)), "init", "--quiet");
    await appendEvidence(one.ledger, someEvidence(1));
    writeFileSync(path.join(one.ledger.folder, "heads", `${one.writer}.1.new`), "half a head");
    const first = await kept(one);
    expect(first.isNew).toBe(true);
    expect(first.pushed).toBeUndefined();
    expect(await kept(one)).toEqual({ commit: first.commit, isNew: false });
    await appendEvidence(one.ledger, someEvidence(2));
    expect((await kept(one)).isNew).toBe(true);
    expect(git(rootOf(one), "log", "--format=%an %ae %s").split("\n")).toEqual(
      Array.from({ length: 2 }, () => `simpul simpul@${DOMAIN} evidence of uji`),
    );
    expect(git(rootOf(one), "ls-files")).not.toContain(".new");
    expect(existsSync(path.join(path.dirname(rootOf(one)), ".git", "index"))).toBe(false);
  });

  it("goes where the others' goes, and none of it is lost", async () => {
    const origin = path.join(lab.folder, "origin.git");
    git(lab.folder, "init", "--quiet", "--bare", "--initial-branch", "evidence", origin);
    const machines = [machine("satu"), machine("dua")];
    await appendEvidence(machines[0]!.ledger, someEvidence(1));
    await kept(machines[0]!);
    git(rootOf(machines[0]!), "remote", "add", "origin", origin);
    expect((await kept(machines[0]!)).pushed).toBe(true);
    git(lab.folder, "clone", "--quiet", origin, rootOf(machines[1]!));
    for (const number of [2, 3])
      for (const each of machines) {
        await appendEvidence(each.ledger, someEvidence(number));
        expect(await kept(each)).toMatchObject({ isNew: true, pushed: true });
      }
    const copy = path.join(lab.folder, "copy");
    git(lab.folder, "clone", "--quiet", origin, copy);
    const signers = machines.map(({ signer }) => signer);
    const folder = path.join(copy, "uji");
    const said = await verifyLedger({ kabupaten: "uji", folder, signers, copies: [] });
    expect(said.findings).toEqual([]);
    expect(said.writers.map(({ lines }) => lines).toSorted((a, b) => a - b)).toEqual([2, 3]);
  });

  it("says what git said when it does not take it, and commits it the next time", async () => {
    const one = machine("satu");
    await appendEvidence(one.ledger, someEvidence(1));
    await kept(one);
    git(rootOf(one), "remote", "add", "origin", path.join(lab.folder, "nowhere.git"));
    await appendEvidence(one.ledger, someEvidence(2));
    const refused = await keepInGit(one.ledger, DOMAIN);
    expect((refused as Fault).what).toMatch(/^git push: .*nowhere\.git/);
    expect(git(rootOf(one), "log", "--oneline").split("\n")).toHaveLength(2);
    git(rootOf(one), "init", "--quiet", "--bare", path.join(lab.folder, "nowhere.git"));
    expect(await kept(one)).toMatchObject({ isNew: false, pushed: true });
  });
});
