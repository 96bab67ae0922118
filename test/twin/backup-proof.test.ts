import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { metricsText } from "../../modules/verify/backup-metrics.ts";
import type { ProofOutcome } from "../../modules/verify/backup-proof.ts";
import { buildProofLab, type ProofLab } from "./backup-proof-lab.ts";

let lab: ProofLab;

beforeAll(async () => {
  lab = await buildProofLab();
  await Promise.all([
    lab.make(
      "whole",
      "begin; files; TIME='-1 day' take; echo more >/backup/files/srv/data/numbers; databases; take",
    ),
    lab.make(
      "small",
      "begin; files; TIME='-1 day' take; echo more >/backup/files/srv/data/more; take",
    ),
  ]);
});

afterAll(async () => {
  await lab.remove();
});

function idsOf({ problems }: ProofOutcome): readonly string[] {
  return problems.map(({ id }) => id);
}

describe("a repository that is whole", () => {
  it("is proven: files of every kind compared, databases loaded and counted, all packs read; once a day", async () => {
    const subject = lab.subject("whole", { databases: ["postgresql"] });
    const [outcome] = await lab.prove([subject]);
    expect(outcome!.problems).toEqual([]);
    expect(outcome!.proven).toMatchObject({ files: 10, databases: 3, rows: 5000, live: 0 });
    expect(outcome!.partsRead.every((read) => read !== undefined)).toBe(true);
    const [again] = await lab.prove([subject]);
    expect(again!.problems).toEqual([]);
    expect(again!.proven).toEqual(outcome!.proven);
    expect(again!.readBytes).toBe(0);
  });

  it("is proven time and again, two at once, without a false alarm", async () => {
    await lab.clone("small", "other");
    for (let round = 0; round < 3; round++) {
      const outcomes = await lab.prove([lab.subject("small"), lab.subject("other")], {
        ...{ full: true, again: true },
      });
      expect(outcomes.map(idsOf)).toEqual([[], []]);
      expect(outcomes.every(({ proven }) => proven !== undefined)).toBe(true);
    }
  });

  it("of a database server without a table is proven, too", async () => {
    await lab.make("new-server", "begin; files; no_tables; take");
    const [outcome] = await lab.prove([lab.subject("new-server", { databases: ["postgresql"] })]);
    expect(outcome!.problems).toEqual([]);
    expect(outcome!.proven).toMatchObject({ databases: 1, rows: 0 });
  });

  it("counts what changed while it was read, and compares all else", async () => {
    await lab.make(
      "live",
      `begin; files
       before_sending() {
         date >>/backup/files/srv/data/numbers; rm /backup/files/srv/www/index.html; mkdir /backup/files/srv/data/new; echo a >/backup/files/srv/data/new/b
       }
       take`,
    );
    const [outcome] = await lab.prove([lab.subject("live")]);
    expect(outcome!.problems).toEqual([]);
    expect(outcome!.proven!.live).toBeGreaterThan(2);
  });
});

const PACK =
  "pack=$(find /repository/data -type f -size +1000k | sort | head -1); chmod -R u+w /repository";

const DRILLS = [
  [
    "one flipped byte in a pack",
    `${PACK}; printf '\\x55' | dd of="$pack" bs=1 seek=5000 conv=notrunc status=none`,
    ["backup-pack-damaged"],
  ],
  ["a missing pack", `${PACK}; rm "$pack"`, ["backup-pack-missing"]],
  ["a pack cut off", `${PACK}; truncate -s 100000 "$pack"`, ["backup-pack-damaged"]],
  [
    "a truncated index",
    "for index in /repository/index/*; do truncate -s 100 $index; done",
    ["backup-index-damaged"],
  ],
  ["an index that is gone", "rm /repository/index/*", ["backup-data-missing"]],
  [
    "a damaged snapshot",
    "for one in /repository/snapshots/*; do printf x | dd of=$one bs=1 seek=60 conv=notrunc status=none; break; done",
    ["backup-snapshot-damaged"],
  ],
  ["no repository any more", "rm -rf /repository/*", ["backup-repository-missing"]],
  [
    "another key",
    "rm /repository/keys/*; RESTIC_PASSWORD=other restic init --quiet --repo /tmp/r; cp /tmp/r/keys/* /repository/keys/",
    ["backup-key-wrong"],
  ],
  [
    "a manifest that disagrees",
    "files; before_sending() { perl -0pi -e 's/([0-9a-f])(\\tfiles\\/srv\\/data\\/blob)/($1 eq 0 ? 1 : 0) . $2/e' /backup/manifest/files; }; take",
    ["backup-differs"],
  ],
  [
    "content that disagrees, with its size and times",
    'files; before_sending() { touch -r /backup/files/srv/data/numbers /tmp/t; printf 9 | dd of=/backup/files/srv/data/numbers bs=1 conv=notrunc status=none; touch -r /tmp/t /backup/files/srv/data/numbers; }; simpul-manifest() { [[ $1 == compare ]] && : >/backup/live/files || command simpul-manifest "$@"; }; take',
    ["backup-differs"],
  ],
  [
    "a backup without a manifest",
    "files; before_sending() { rm /backup/manifest/files; }; take",
    ["backup-manifest-missing"],
  ],
  [
    "a deleted snapshot",
    'restic forget --quiet --no-cache $(restic snapshots --no-cache --json --tag simpul | grep -o \'"id":"[0-9a-f]*"\' | head -1 | cut -d \'"\' -f 4)',
    ["backup-snapshot-lost"],
  ],
  [
    "a stale repository",
    "restic forget --quiet --no-cache $(ls /repository/snapshots); files; TIME='-40 hours' take; touch -d '-40 hours' /repository/snapshots/*",
    ["backup-stale"],
  ],
  ["a clock that is a day ahead", "files; WRONG_CLOCK=1 TIME='+1 day' take", ["backup-clock"]],
  [
    "a clock that is a day behind",
    "restic forget --quiet --no-cache $(ls /repository/snapshots); files; WRONG_CLOCK=1 TIME='-1 day' take",
    ["backup-clock"],
  ],
  ["an empty backup", "files; rm -rf /backup/files/srv/*; take", ["backup-vanished"]],
] as const;

describe("what is wrong with a repository is named", () => {
  it.each(DRILLS)("%s", async (name, script, ids) => {
    const drill = `drill-${DRILLS.findIndex(([one]) => one === name)}`;
    await lab.clone("small", drill);
    const subject = lab.subject(drill);
    const [before] = await lab.prove([subject]);
    expect(before!.problems).toEqual([]);
    await lab.at(drill, script);
    // Whose snapshots all went was made anew: nothing of it is missed.
    if (script.includes("$(ls /repository/snapshots)")) await lab.forgetRecords();
    const [outcome] = await lab.prove([subject], { again: true });
    expect(new Set(idsOf(outcome!))).toEqual(new Set(ids));
    expect(metricsText("uji", [outcome!])).toMatch(/^simpul_backup_proven\{.*\} 0$/m);
  });
});

const DATABASE_DRILLS = [
  ["an empty dump", ": >/backup/databases/postgresql/ppdb%2E2026.dump", "backup-database-empty"],
  [
    "a dump that is cut off",
    "truncate -s 2000 /backup/databases/postgresql/ppdb%2E2026.dump",
    "backup-database-not-loaded",
  ],
  ["a missing dump", "rm /backup/databases/postgresql/ppdb%2E2026.dump", "backup-database-missing"],
  [
    "rows that are not there",
    "sed -i 's/5000$/5001/' /backup/databases/postgresql/counts.tsv",
    "backup-database-rows",
  ],
  [
    "roles that cannot be loaded",
    "echo 'CREATE ROLE;' >>/backup/databases/postgresql/globals.sql",
    "backup-database-not-loaded",
  ],
  ["no counts", "rm /backup/databases/postgresql/counts.tsv", "backup-database-missing"],
  [
    "counts that were emptied",
    ": >/backup/databases/postgresql/counts.tsv",
    "backup-database-rows",
  ],
  ["no dumps at all", "rm -rf /backup/databases/postgresql", "backup-database-missing"],
] as const;

describe("what is wrong with a dump is named", () => {
  it.each(DATABASE_DRILLS)("%s", async (name, script, id) => {
    const drill = `database-${DATABASE_DRILLS.findIndex(([one]) => one === name)}`;
    await lab.clone("whole", drill);
    // What the runner would have dumped, spoilt before its manifest is taken.
    await lab.at(
      drill,
      `restic restore --quiet --no-cache --no-lock --target / latest --tag simpul
       ${script}
       take`,
    );
    const [outcome] = await lab.prove([lab.subject(drill, { databases: ["postgresql"] })]);
    expect(idsOf(outcome!)).toContain(id);
    expect(outcome!.proven).toBeUndefined();
  });
});

describe("a proof that is broken off", () => {
  it("leaves nothing behind that the next one does not sweep, and keeps what was finished", async () => {
    await lab.clone("small", "killed");
    const stop = new AbortController();
    const proof = lab.prove([lab.subject("killed")], {
      interrupt: stop.signal,
      at: (text: string) => {
        if (text.includes(": restore")) stop.abort();
      },
    });
    const [outcome] = await proof;
    expect(idsOf(outcome!)).toEqual(["backup-not-reached"]);
    const [again] = await lab.prove([lab.subject("killed")]);
    expect(again!.problems).toEqual([]);
    // The packs were read by the first one.
    expect(again!.readBytes).toBe(0);
    expect(await lab.leftovers()).toEqual([]);
  });
});

describe("a restore", () => {
  const large =
    "begin; mkdir -p /backup/files/srv; head -c 400M /dev/urandom >/backup/files/srv/blob; take";

  it("is stopped when it grows beyond what its server has room for, and not when others write meanwhile", async () => {
    await Promise.all([lab.make("large", large), lab.make("others", "begin")]);
    const tight = lab.subject("large", { mostBytes: 410 * 2 ** 20 });
    let others: Promise<string> | undefined;
    const [outcome] = await lab.prove([tight], {
      at: (text) => {
        if (text.includes(": restore")) others ??= lab.at("others", WRITE_MUCH);
      },
    });
    await others;
    expect(idsOf(outcome!)).toEqual([]);
    const tooTight = lab.subject("large", { mostBytes: 100 * 2 ** 20 });
    const [stopped] = await lab.prove([tooTight], { again: true });
    expect(idsOf(stopped!)).toEqual(["backup-too-large"]);
    expect(stopped!.proven).toBeUndefined();
  });
});

/** More than is left to who restores beside it, at once. */
const WRITE_MUCH =
  'for part in {1..60}; do head -c 20M /dev/zero >"/repository/part-$part"; sleep 0.05; done; rm /repository/part-*';

describe("the copy at the DRC", () => {
  it("is proven by its own key and compared with the Pusat Data", async () => {
    await lab.clone("small", "pd");
    await lab.make("copy", "begin");
    await lab.copy("pd", "copy");
    const drc = lab.subject("copy", { name: "pd", site: "drc", lagSeconds: 900 });
    const both = [lab.subject("pd"), drc];
    expect((await lab.prove(both)).map(idsOf)).toEqual([[], []]);
    // A fresh machine, which never noted what was there.
    await lab.forgetRecords();
    await lab.at(
      "pd",
      'restic forget --quiet --no-cache $(restic snapshots --no-cache --json --tag simpul | grep -o \'"id":"[0-9a-f]*"\' | head -1 | cut -d \'"\' -f 4) $(restic snapshots --no-cache --json --tag simpul-live | grep -o \'"id":"[0-9a-f]*"\' | head -1 | cut -d \'"\' -f 4)',
    );
    expect((await lab.prove(both)).map(idsOf)).toEqual([["backup-snapshot-lost"], []]);
  });
});
