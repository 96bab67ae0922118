import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { lockHistory } from "../../modules/engine/lock-history.ts";
import { uncommittedLines, type LockHistory } from "../../modules/plan/lock-history.ts";
import { TemporaryInventory } from "../inventory/temporary-inventory.ts";

const LOCK = "ip-plan.lock.yaml";
const ONE = "lan/a: 10.116.1.0/24 fd6a:91c4:e37:8000::/64\n";
const TWO = "lan/b: 10.116.2.0/24 fd6a:91c4:e37:8001::/64\n";
const THREE = "lan/c: 10.116.3.0/24 fd6a:91c4:e37:8002::/64\n";

describe("the history of a lock", () => {
  it("has the day of each line, that of the merge where a branch brought it", async () => {
    using inventory = new TemporaryInventory();
    const git = repository(inventory);
    commit(inventory, git, ONE, "2026-03-01T12:00:00Z");
    git("2026-03-02T00:00:00Z", "checkout", "-q", "-b", "branch");
    commit(inventory, git, ONE + TWO, "2026-03-02T00:00:00Z");
    git("", "checkout", "-q", "main");
    inventory.write("other.txt", "x");
    git("2026-03-03T00:00:00Z", "add", "-A");
    git("2026-03-03T00:00:00Z", "commit", "-q", "-m", "x");
    git("2026-04-05T23:59:00-07:00", "merge", "-q", "--no-ff", "-m", "x", "branch");
    commit(inventory, git, TWO + THREE, "2026-05-01T00:00:00Z");
    expect(told(await history(inventory))).toEqual([
      ["2026-03-01", ["lan/a"], []],
      ["2026-04-06", ["lan/b"], []],
      ["2026-05-01", ["lan/c"], ["lan/a"]],
    ]);
  });

  it("of a shallow clone begins where that was cut, and says so", async () => {
    using inventory = new TemporaryInventory();
    using clone = new TemporaryInventory();
    const git = repository(inventory);
    commit(inventory, git, ONE, "2026-03-01T00:00:00Z");
    commit(inventory, git, ONE + TWO, "2026-04-01T00:00:00Z");
    clone.remove(".");
    execFileSync("git", [
      "clone",
      "-q",
      "--depth",
      "1",
      `file://${inventory.directory}`,
      join(clone.directory, "c"),
    ]);
    const cut = (await lockHistory({
      inventory: join(clone.directory, "c"),
      kabupaten: "uji",
    })) as LockHistory;
    expect(cut.isShallow).toBe(true);
    expect(told(cut)).toEqual([["2026-04-01", ["lan/a", "lan/b"], []]]);
  });

  it("knows what no commit has yet", async () => {
    using inventory = new TemporaryInventory();
    const git = repository(inventory);
    expect(told(await history(inventory))).toEqual([]);
    commit(inventory, git, ONE + TWO, "2026-03-01T00:00:00Z");
    const lines = new Map([
      ["lan/a", "10.116.1.0/24 fd6a:91c4:e37:8000::/64"],
      ["lan/b", "10.116.2.0/23 fd6a:91c4:e37:8001::/64"],
      ["lan/c", "10.116.4.0/24 fd6a:91c4:e37:8002::/64"],
    ]);
    expect(uncommittedLines((await history(inventory)) as LockHistory, lines)).toBe(2);
  });

  it("is a fault where no git knows the folder, or there is no git", async () => {
    using inventory = new TemporaryInventory();
    const before = process.env;
    process.env = { ...before, GIT_CEILING_DIRECTORIES: inventory.directory };
    try {
      expect(await history(inventory)).toMatchObject({
        what: expect.stringMatching(/^the inventory stands in no git/),
      });
      process.env = { PATH: "/nowhere" };
      expect(await history(inventory)).toMatchObject({
        what: expect.stringMatching(/^git is not installed/),
      });
    } finally {
      process.env = before;
    }
  });
});

type Git = (date: string, ...words: readonly string[]) => void;

function repository(inventory: TemporaryInventory): Git {
  const git: Git = (date, ...words) => {
    const identity = [
      "-c",
      "user.name=uji",
      "-c",
      "user.email=uji@ujikab.go.id",
      "-c",
      "commit.gpgSign=false",
    ];
    execFileSync("git", [...identity, "-c", "core.hooksPath=/dev/null", ...words], {
      cwd: inventory.directory,
      env: {
        ...process.env,
        ...(date !== "" && { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: "2020-01-01T00:00:00Z" }),
      },
    });
  };
  git("", "init", "-q", "-b", "main");
  return git;
}

function commit(inventory: TemporaryInventory, git: Git, lock: string, date: string): void {
  inventory.write(LOCK, lock);
  git(date, "add", "-A");
  git(date, "commit", "-q", "-m", "x");
}

function history({ directory }: TemporaryInventory): Promise<LockHistory | Fault> {
  return lockHistory({ inventory: directory, kabupaten: "uji" });
}

function told(found: LockHistory | Fault): unknown {
  if (found instanceof Fault) throw new Error(found.what);
  return found.changes.map(({ day, added, removed }) => [
    day.text,
    added.map(([key]) => key),
    removed.map(([key]) => key),
  ]);
}
