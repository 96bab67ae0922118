import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { LOCAL } from "../../stacks/prepare.ts";
import { BackupLab } from "./backup-lab.ts";
import { KABUPATEN, type Said } from "./kabupaten-lab.ts";

/** Has files and databases; the other one of its agency is empty but for a page. */
const SERVER = "ppdb-online";
const OTHER = "arsip";
const JOURNALS = path.join(LOCAL, "backup", KABUPATEN, "restores");

interface Restored {
  readonly ok: boolean;
  readonly findings: readonly { readonly id: string; readonly what: string }[];
  readonly restored?: {
    readonly restored: boolean;
    readonly safety: string;
    readonly files: number;
    readonly databases?: readonly string[];
  };
}

describe("simpul restore", () => {
  let lab: BackupLab;
  let folder: string;
  /** Between the two backups. */
  let between: string;
  /** Snapshots of the two. */
  let first: string;
  let second: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "simpul-restored-"));
    const mine = { owner: "dinas-pendidikan", drc: "none" };
    lab = await BackupLab.with(async (backups) => {
      await backups.askFor(SERVER, { ...mine, image: "postgresql-15" });
      await backups.askFor(OTHER, { ...mine, image: "debian-12" });
    });
    await lab.until(SERVER, ({ ok }) => ok === true);
    await lab.until(OTHER, ({ ok }) => ok === true);
    first = await state("satu", 1000);
    between = new Date().toISOString();
    second = await state("dua", 2000);
    await lab.inVps(OTHER, "mkdir -p /srv/www && echo lama >/srv/www/lama");
  }, 240_000);

  afterAll(async () => {
    await lab.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** Files and rows that say which of the two it is, backed up. @returns the snapshot */
  async function state(word: string, rows: number): Promise<string> {
    await lab.inVps(
      SERVER,
      `rm -rf /srv/www && mkdir -p '/srv/www/dalam sini' && cd /srv/www && echo ${word} >isi && echo ${word} >'dalam sini/${word}' &&
       ln -s /etc/shadow keluar && head -c 12M /dev/urandom >besar && chown 1234:4321 isi && chmod 640 isi`,
    );
    await sql(
      `drop table if exists t; create table t as select generate_series(1, ${rows}) n; create table if not exists lain (n int)`,
    );
    const status = await lab.backUp(SERVER);
    expect(status.ok, status.message ?? "").toBe(true);
    return status.last!.snapshot;
  }

  const sql = (text: string) => lab.inVps(SERVER, `su postgres -c "psql -qAtc '${text}'"`);

  /** What the files of a server say they are. */
  const filesOf = (name: string) =>
    lab.inVps(
      name,
      "cd /srv/www && cat isi && ls 'dalam sini' && readlink keluar && stat -c '%a %u %g' isi && ls -A /srv | grep -c simpul-restore || true",
    );
  const asOf = (word: string) => `${word}\n${word}\n/etc/shadow\n640 1234 4321\n0\n`;

  async function restore(...words: readonly string[]): Promise<Said & { readonly said: Restored }> {
    const said = await lab.lab.simpul("restore", ...words, "--json");
    return { ...said, said: JSON.parse(said.stdout) as Restored };
  }

  const isRunning = async () =>
    (await lab.inspect(`vps-${SERVER}`, "{{.State.Running}}")) === "true";
  const journals = () =>
    existsSync(JOURNALS) ? readdirSync(JOURNALS).filter((name) => name.endsWith(".json")) : [];

  it("refuses what it does not understand, and changes nothing", async () => {
    const before = [await filesOf(SERVER), (await lab.snapshots(SERVER)).length];
    const refused: readonly (readonly [readonly string[], string])[] = [
      [["ppdb-onlin"], "ppdb-onlin"],
      [[SERVER, "--at", "kemarin"], "kemarin"],
      [[SERVER, "--at", "2020-01-01"], "before the first"],
      [[SERVER, "--at", "00000000"], "names 0 snapshots"],
      [[SERVER, "--path", "srv/www"], "no absolute path"],
      [[SERVER, "--path", "/srv/../etc"], "no absolute path"],
      [[SERVER, "--path", "/srv/ww"], "holds no /srv/ww"],
      [[SERVER, "--to", "nowhere"], "nowhere"],
      [[SERVER, "--to", "sik-puskesmas"], "belongs to"],
      [[SERVER, "--to", lab.lab.inventory], "is not empty"],
      [[SERVER, "--from", "drc"], "no backup server at the DRC"],
      [[SERVER, "--database", "tidak-ada"], "tidak-ada"],
      [[SERVER, "--database", "all", "--to", `${folder}/basis`], "into a server"],
    ];
    for (const [words, what] of refused) {
      const { exitCode, said } = await restore(...words, "--yes");
      expect([exitCode, said.ok, said.findings.map(({ id }) => id)], what).toEqual([
        2,
        false,
        ["wrong-usage"],
      ]);
      expect(said.findings[0]!.what).toContain(what);
    }
    expect([await filesOf(SERVER), (await lab.snapshots(SERVER)).length]).toEqual(before);
    expect([journals(), readdirSync(folder)]).toEqual([[], []]);
  }, 120_000);

  it("brings a folder back into a folder, as of a time", async () => {
    const newest = `${folder}/newest`;
    const said = await restore(
      SERVER,
      "--at",
      second.slice(0, 8),
      "--path",
      "/srv/www",
      "--to",
      newest,
    );
    expect(said).toMatchObject({
      exitCode: 0,
      said: { findings: [], restored: { restored: true } },
    });
    expect(await readFile(`${newest}/srv/www/isi`, "utf8")).toBe("dua\n");
    expect(readdirSync(newest)).toEqual(["srv"]);
    const older = `${folder}/older`;
    const again = await restore(SERVER, "--at", between, "--path", "/srv/www", "--to", older);
    expect(again.exitCode).toBe(0);
    expect(readdirSync(`${older}/srv/www/dalam sini`)).toEqual(["satu"]);
    expect(await filesOf(SERVER)).toBe(asOf("dua"));
  });

  it("brings it into another server of the agency, which is backed up first", async () => {
    const words = [SERVER, "--at", second, "--path", "/srv/www", "--to", OTHER] as const;
    const { exitCode, said } = await restore(...words, "--yes");
    expect([exitCode, said.findings]).toEqual([0, []]);
    expect(await filesOf(OTHER)).toBe(asOf("dua"));
    const { safety } = said.restored!;
    expect(
      await lab.restic(OTHER, `restic "$@" --no-lock dump ${safety} /backup/files/srv/www/lama`),
    ).toBe("lama\n");
    await lab.inVps(OTHER, "test ! -e /srv/www/lama");
  });

  it("asks before it restores in place, and first backs up what is there", async () => {
    const before = await lab.snapshots(SERVER);
    const shown = await lab.lab.simpul("restore", SERVER, "--path", "/srv/www", "--at", between);
    expect([shown.exitCode, shown.stdout.includes("dry run")]).toEqual([0, true]);
    expect((await restore(SERVER, "--at", between)).said.restored).toEqual({ restored: false });
    expect([await filesOf(SERVER), (await lab.snapshots(SERVER)).length]).toEqual([
      asOf("dua"),
      before.length,
    ]);
    await lab.inVps(SERVER, "echo tiga >/srv/www/isi");
    const { exitCode, said } = await restore(
      SERVER,
      "--path",
      "/srv/www",
      "--at",
      between,
      "--yes",
    );
    expect([exitCode, said.findings]).toEqual([0, []]);
    expect(await filesOf(SERVER)).toBe(asOf("satu"));
    expect(await isRunning()).toBe(true);
    const { safety } = said.restored!;
    expect(before.map(({ id }) => id)).not.toContain(safety);
    expect(
      await lab.restic(SERVER, `restic "$@" --no-lock dump ${safety} /backup/files/srv/www/isi`),
    ).toBe("tiga\n");
  });

  it("leaves a running database's files alone, and brings databases back from their dumps", async () => {
    await ready();
    await sql("insert into t values (0)");
    const { exitCode, said } = await restore(SERVER, "--at", second, "--yes");
    expect([exitCode, said.findings.filter(({ id }) => id !== "backup-live-share")]).toEqual([
      0,
      [],
    ]);
    expect(await filesOf(SERVER)).toBe(asOf("dua"));
    await ready();
    expect(await sql("select count(*) from t")).toBe("2001\n");
    const loaded = await restore(SERVER, "--at", first, "--database", "all", "--yes");
    expect([loaded.exitCode, loaded.said.findings]).toEqual([0, []]);
    expect(loaded.said.restored!.databases).toContain("postgres");
    expect(await sql("select count(*) from t")).toBe("1000\n");
    // template0, and what was there.
    const closed = await sql("select count(*) from pg_database where not datallowconn");
    expect(Number(closed)).toBeGreaterThan(1);
  }, 120_000);

  it("killed at any moment, finishes when it is run again, with the snapshot that was meant", async () => {
    await ready();
    const words = [
      "restore",
      SERVER,
      "--path",
      "/srv/www",
      "--at",
      second,
      "--yes",
      "--json",
    ] as const;
    await lab.inVps(SERVER, "echo empat >/srv/www/isi");
    for (const milliseconds of [1500, 5000]) {
      await killed(words, () => setTimeout(milliseconds));
      await lab.inVps(SERVER, "test -e /srv/www/isi");
    }
    // While the server stands still: some may have changed places.
    await killed(words, async () => {
      while (await isRunning()) await setTimeout(20);
    });
    if (journals().length > 0) {
      const other = await restore(SERVER, "--path", "/srv/www/isi", "--yes");
      expect([other.exitCode, other.said.findings[0]!.id]).toEqual([1, "restore-under-way"]);
    }
    const last = await lab.lab.simpul(...words);
    expect([last.exitCode, last.stdout]).toEqual([0, expect.stringContaining('"restored":true')]);
    await ready();
    expect(await filesOf(SERVER)).toBe(asOf("dua"));
    expect(journals()).toEqual([]);
    const left = await lab.lab.docker("ps", "-aq", "--filter", "label=id.go.simpul.scratch");
    expect(left.stdout).toBe("");
  }, 180_000);

  /** Ends the command at once, as a power cut does; what it started on the engine goes on until its own end. */
  async function killed(words: readonly string[], when: () => Promise<unknown>): Promise<void> {
    const { pid, ended } = lab.lab.start(...words);
    await Promise.race([when(), ended]);
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
    await ended;
  }

  /** PostgreSQL answers again after its server stood still. */
  const ready = () =>
    expect.poll(() => sql("select 1").catch(() => ""), { timeout: 60_000 }).toBe("1\n");
});
