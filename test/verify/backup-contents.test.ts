import { describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { readSnapshots } from "../../modules/engine/restic-snapshots.ts";
import { judgeAppendOnly } from "../../modules/verify/backup-append-only.ts";
import {
  differenceWords,
  judgeAmounts,
  judgeContents,
  readComparison,
} from "../../modules/verify/backup-contents.ts";
import { judgeDatabases, readCounts, readLoaded } from "../../modules/verify/backup-databases.ts";
import { judgeRoom, judgeTool } from "../../modules/verify/backup-tools.ts";
import { chooseSnapshot } from "../../modules/verify/choose-snapshot.ts";

const FILE = "f\t644\t0\t0\t5\t1700000000.000000000\tabc";

describe("a restore beside its manifest", () => {
  it("is whole only when the comparison came to its end", () => {
    expect(readComparison("totals\t3\t10\t0\t0\t0\0")).toMatchObject({
      files: 3,
      bytes: 10,
      differing: 0,
    });
    expect(readComparison("")).toBeUndefined();
    expect(readComparison("totals\t3\t10\t0\0")).toBeUndefined();
    expect(readComparison("totals\t3\t10\t0\t0\tx\0")).toBeUndefined();
  });

  it("says what differs about a path", () => {
    const restored = FILE.replace("abc", "abd").replace("644", "600");
    expect(differenceWords({ path: "files/a", expected: FILE, restored })).toBe(
      "differs in mode, content",
    );
    expect(differenceWords({ path: "files/a", expected: FILE, restored: "" })).toBe("is missing");
    expect(differenceWords({ path: "files/a", expected: "", restored: FILE })).toBe(
      "is in no manifest",
    );
  });

  it("counts all that differ, shows a few, and no name can write on a terminal", () => {
    const records = ["a", "b", "c", "d\u001B[2J"]
      .map((path) => `differs\nfiles/${path}\n${FILE}\n\0`)
      .join("");
    const contents = readComparison(`${records}totals\t9\t10\t0\t0\t4\0`)!;
    const [problem] = judgeContents(contents, "4f2a9c1e");
    expect(problem).toMatchObject({ id: "backup-differs", severity: "error" });
    expect(problem!.what).toContain("4 of what was restored");
    expect(problem!.what).toContain("and 1 more");
    expect(problem!.what).not.toContain("\u001B");
  });

  it("bounds what was changing while it was read", () => {
    const of = (live: number) =>
      judgeContents(readComparison(`totals\t1000\t1000\t${live}\t${live}\t0\0`)!, "x").map(
        ({ id }) => id,
      );
    expect(of(100)).toEqual([]);
    expect(of(101)).toEqual(["backup-live-share"]);
  });

  it.each([
    [{ files: 10, bytes: 10 }, { files: 0, bytes: 0 }, ["backup-vanished"]],
    [{ files: 100, bytes: 10 }, { files: 49, bytes: 10 }, ["backup-shrunk"]],
    [{ files: 100, bytes: 1e9 }, { files: 100, bytes: 4e8 }, ["backup-shrunk"]],
    [{ files: 100, bytes: 1e9 }, { files: 100, bytes: 4e9 }, ["backup-grown"]],
    [{ files: 100, bytes: 1e9 }, { files: 90, bytes: 9e8 }, []],
    [undefined, { files: 0, bytes: 0 }, []],
  ])("from %o to %o gives %o", (before, now, ids) => {
    expect(judgeAmounts(before, now).map(({ id }) => id)).toEqual(ids);
  });
});

describe("databases", () => {
  const expected = readCounts("ppdb\tpublic\tsiswa\t3\nppdb\tpublic\tkosong\t0\n")!;
  const judge = (output: string, dumped = ["ppdb"]) =>
    judgeDatabases(expected, dumped, readLoaded(output)).map(({ id }) => id);
  const counted = (rows: number) =>
    `counted\tppdb\tpublic\tkosong\t0\ncounted\tppdb\tpublic\tsiswa\t${rows}\n`;

  it.each([
    [counted(3), []],
    [counted(2), ["backup-database-rows"]],
    ["counted\tppdb\tpublic\tsiswa\t3\n", ["backup-database-rows"]],
    [`${counted(3)}counted\tppdb\tpublic\tmore\t1\n`, ["backup-database-rows"]],
    ["empty ppdb\n", ["backup-database-empty"]],
    ["not-loaded ppdb\tpg_restore: error\n", ["backup-database-not-loaded"]],
    ["failed start\tno space\n", ["backup-database-not-loaded"]],
    ["", ["backup-database-rows"]],
  ])("%j gives %o", (output, ids) => {
    expect(judge(output)).toEqual(ids);
  });

  it("without a dump are named, and counts that are no numbers are none", () => {
    expect(judge("", [])).toEqual(["backup-database-missing"]);
    expect(readCounts("ppdb\tpublic\tsiswa\t\n")).toBeUndefined();
    expect(readCounts("ppdb\tpublic\tsiswa\tx\n")).toBeUndefined();
  });
});

describe("words of a tool", () => {
  const said = (stderr: string, code = 1) =>
    judgeTool("restic check", { code, stdout: "", stderr }).map(({ id }) => id);

  it.each([
    ["Fatal: wrong password or no key found", "backup-key-wrong"],
    ["pack 0a1b2c3d: does not exist", "backup-pack-missing"],
    ["error for tree 1234: Pack ID does not match, want 1, got 2", "backup-pack-damaged"],
    ["error: load index 0a1b: invalid data returned", "backup-index-damaged"],
    ["something nobody has seen before", "backup-tool-failed"],
  ])("%s: %s", (text, id) => {
    expect(said(text)).toEqual([id]);
  });

  it("tell a program that died from data that is damaged, whatever its stack names", () => {
    const trace = "panic: runtime error\n\ngoroutine 1 [running]:\nmain.runSnapshots(...)\n";
    expect(judgeTool("restic snapshots", { code: 2, stdout: "", stderr: trace })).toMatchObject([
      {
        id: "backup-tool-failed",
        what: expect.stringContaining("crashed with exit code 2: panic"),
      },
    ]);
  });

  it("are a failure even where the exit code is 0, but for what every run says and packs that nothing needs", () => {
    expect(said("Warning: something", 0)).toEqual(["backup-tool-failed"]);
    expect(said("load indexes\ncheck all packs\nno errors were found", 0)).toEqual([]);
    expect(
      said("2 additional files were found in the repo, which likely contain duplicate data.", 0),
    ).toEqual([]);
    expect(said("", 124)).toEqual(["backup-proof-timeout"]);
  });

  it("of a volume: full, filling, or fine", () => {
    const GIB = 2 ** 30;
    expect(judgeRoom(100 * GIB, 50 * GIB)).toEqual([]);
    expect(judgeRoom(100 * GIB, 10 * GIB)[0]!.id).toBe("backup-volume-filling");
    expect(judgeRoom(100 * GIB, 2 * GIB)[0]!.id).toBe("backup-volume-full");
  });
});

describe("an append-only server", () => {
  const answers = (more: Readonly<Record<string, number>>) =>
    judgeAppendOnly(
      new Map(
        Object.entries({ read: 200, "delete-snapshots": 403, overwrite: 403, other: 403, ...more }),
      ),
    ).map(({ id }) => id);

  it("refuses to delete, to overwrite, and to show another repository", () => {
    expect(answers({})).toEqual([]);
    for (const attempt of ["delete-snapshots", "overwrite", "other"]) {
      expect(answers({ [attempt]: 200 })).toEqual(["backup-not-append-only"]);
      expect(answers({ [attempt]: 404 })).toEqual(["backup-not-append-only"]);
    }
    expect(answers({ read: 0 })).toEqual(["backup-server-refuses"]);
  });
});

describe("the snapshot to restore", () => {
  const snapshots = readSnapshots(
    JSON.stringify([
      { id: "b".repeat(64), time: "2026-11-22T18:30:00Z", tags: ["simpul"] },
      { id: "a".repeat(64), time: "2026-11-21T18:30:00Z", tags: ["simpul"] },
    ]),
  )!;
  const chosen = (at?: string) => {
    const found = chooseSnapshot(snapshots, at, "Asia/Jakarta");
    return found instanceof Fault ? found.what : found.id[0];
  };

  it("is the newest, the newest until a time of the kabupaten's own clock, or one by its id", () => {
    expect(chosen()).toBe("b");
    expect(chosen("2026-11-23 01:30")).toBe("b");
    expect(chosen("2026-11-23 01:29")).toBe("a");
    expect(chosen("2026-11-22")).toBe("a");
    expect(chosen("2026-11-22T18:30:00Z")).toBe("b");
    expect(chosen("aaaaaaaa")).toBe("a");
    expect(chosen("2026-11-01")).toContain("before the first backup");
    expect(chosen("yesterday")).toContain("neither a time");
    expect(chosen("cccccccc")).toContain("names 0 snapshots");
  });

  it("comes from a list that is one", () => {
    expect(readSnapshots("null")).toEqual([]);
    expect(readSnapshots("{}")).toBeUndefined();
    expect(readSnapshots('[{"id":"x"}]')).toBeUndefined();
    expect(readSnapshots("Fatal")).toBeUndefined();
  });
});
