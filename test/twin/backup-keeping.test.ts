import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readRoleImages, type RoleImages } from "../../modules/engine/images.ts";
import { repositoryVolume } from "../../modules/plan/backed-up.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Of its own: its keys stand among the checkout's secrets, its repositories on the engine. */
const KABUPATEN = `simpan${process.pid}`;
const NAMES = ["ppdb-online", "sik-puskesmas"] as const;
const SITES = ["pusat-data", "drc"] as const;
const SECRETS = join(ROOT, ".simpul/secrets", KABUPATEN);
const volumeOf = (name: string, site: (typeof SITES)[number]) =>
  repositoryVolume(KABUPATEN, name, site);

let folder: string;
let image: string;

beforeAll(() => {
  image = (readRoleImages(ROOT) as RoleImages)["backup-runner"].id;
  folder = mkdtempSync(join(tmpdir(), "simpul-keeping-"));
  cpSync(join(ROOT, "test/fixtures/inventory/uji"), join(folder, "inventory", KABUPATEN), {
    recursive: true,
  });
  const topology = join(folder, "inventory", KABUPATEN, "wan/topology.yaml");
  const cores = "cores:\n  core-drc: { site: drc, segments: [backbone-a] }\n";
  writeFileSync(topology, readFileSync(topology, "utf8").replace("cores:\n", cores));
  for (const name of NAMES) {
    mkdirSync(join(SECRETS, "backup", name), { recursive: true, mode: 0o700 });
    for (const site of SITES) {
      const file = site === "drc" ? "drc-password" : "password";
      writeFileSync(join(SECRETS, "backup", name, file), `${name}-${site}`, { mode: 0o600 });
      docker("volume", "create", volumeOf(name, site));
      inRepository(name, site, "chown 34:34 /repository", "0:0");
      inRepository(name, site, "restic --no-cache init");
    }
  }
}, 120_000);

afterAll(() => {
  for (const name of NAMES)
    for (const site of SITES) {
      spawnSync("docker", ["rm", "--force", `simpul-keeper-${KABUPATEN}-${name}-${site}`]);
      spawnSync("docker", ["volume", "rm", "--force", volumeOf(name, site)]);
    }
  for (const each of [`secrets/${KABUPATEN}`, `backup/${KABUPATEN}`, `run/prune/${KABUPATEN}`])
    rmSync(join(ROOT, ".simpul", each), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

function docker(...words: readonly string[]): string {
  return execFileSync("docker", words, { encoding: "utf8" });
}

/** As the backup server's user, unless another is named. */
function inRepository(
  name: string,
  site: (typeof SITES)[number],
  script: string,
  user = "34:34",
): string {
  return docker(
    ...["run", "--rm", "--network", "none", "--user", user, "--hostname", name],
    ...["--volume", `${volumeOf(name, site)}:/repository`, "--tmpfs", "/data:mode=1777"],
    ...["--env", `RESTIC_PASSWORD=${name}-${site}`, "--env", "RESTIC_REPOSITORY=/repository"],
    ...["--entrypoint", "sh", image, "-euc", script],
  );
}

/** A backup of each of these days and its companion, as the runner leaves them. */
function backups(name: string, days: readonly string[]): void {
  const take = days.map(
    (day) => `head -c 300000 /dev/urandom >/data/file
id=$(restic --no-cache --json backup --host ${name} --tag simpul --time '${day} 02:00:00' /data | jq -r 'select(.snapshot_id).snapshot_id')
full=$(ls /repository/snapshots | grep "^$id")
restic --no-cache -q backup --host ${name} --tag simpul-live --tag "of-$full" --time '${day} 02:00:05' /data`,
  );
  inRepository(name, "pusat-data", take.join("\n"));
}

const COMMON = () => ["--kabupaten", KABUPATEN, "--inventory", join(folder, "inventory")];

interface Said {
  readonly findings: readonly { readonly id: string; readonly what: string }[];
  readonly going: readonly { readonly time: string; readonly tags: readonly string[] }[];
  readonly left: number;
  readonly token: string;
  readonly begun: boolean;
  readonly backups: readonly {
    readonly name: string;
    readonly site: string;
    readonly backups: number;
  }[];
  readonly measured: Readonly<Record<string, number>>;
  readonly custodian: string;
}

function simpul(...words: readonly string[]): Promise<{ code: number; said: Said }> {
  const environment = { ...process.env, SIMPUL_EVIDENCE: join(folder, "evidence") };
  return new Promise((resolve) => {
    const child = execFile(
      join(ROOT, "scripts/simpul"),
      [...words, "--json", ...COMMON()],
      { env: environment },
      (_error, out) => resolve({ code: child.exitCode ?? -1, said: JSON.parse(out) as Said }),
    );
  });
}

const countOf = (name: string): number =>
  (
    JSON.parse(
      inRepository(name, "pusat-data", "restic --no-cache --no-lock --json snapshots"),
    ) as unknown[]
  ).length;

describe("simpul backup prune", () => {
  it("takes away what was shown and nothing that the promise keeps, killed at any moment, too", async () => {
    const keep = { daily: 3, weekly: 2, monthly: 2 };
    const file = join(folder, "inventory", KABUPATEN, "vps/ppdb-online.yaml");
    const text = readFileSync(file, "utf8");
    const promise = `keep: { daily: ${keep.daily}, weekly: ${keep.weekly}, monthly: ${keep.monthly} }`;
    writeFileSync(file, text.replace("paths: [/srv] }", `paths: [/srv], ${promise} }`));
    const days = [
      "2026-07-01",
      "2026-09-10",
      "2026-10-20",
      ..."12345678".split("").map((day) => `2026-11-0${day}`),
    ];
    backups("ppdb-online", days);
    expect(countOf("ppdb-online")).toBe(2 * days.length);

    const shown = await simpul("backup", "prune", "ppdb-online");
    expect(shown.code).toBe(0);
    // Kept: 6, 7 and 8 November; the weeks of the 8th and the 1st; the months of November and October.
    expect(shown.said.left).toBe(2 * 5);
    expect(shown.said.going).toHaveLength(2 * (days.length - 5));
    expect(countOf("ppdb-online")).toBe(2 * days.length);

    const wrong = await simpul("backup", "prune", "ppdb-online", "--confirm", "00000000");
    expect([wrong.code, wrong.said.findings[0]!.id]).toEqual([1, "prune-token-refused"]);
    backups("ppdb-online", ["2026-11-09"]);
    const stale = await simpul("backup", "prune", "ppdb-online", "--confirm", shown.said.token);
    expect(stale.said.findings[0]!.what).toContain("another list");
    expect(countOf("ppdb-online")).toBe(2 * (days.length + 1));

    const { token, left } = (await simpul("backup", "prune", "ppdb-online")).said;
    // Killed with everything it started, at moments of the work.
    for (const milliseconds of [0, 700, 1500]) {
      await killedAfter(milliseconds, "backup", "prune", "ppdb-online", "--confirm", token);
      await expect.poll(keepers, { timeout: 15_000 }).toBe("");
      inRepository("ppdb-online", "pusat-data", "restic --no-cache --no-lock check");
      expect(countOf("ppdb-online")).toBeGreaterThanOrEqual(left);
    }
    const again = await simpul("backup", "prune", "ppdb-online");
    if (again.said.begun) expect(again.said.token).toBe(token);
    else expect(again.said.going).toEqual([]);
    const finished = await simpul("backup", "prune", "ppdb-online", "--confirm", again.said.token);
    expect(finished.code).toBe(0);
    expect(countOf("ppdb-online")).toBe(left);
    inRepository(
      "ppdb-online",
      "pusat-data",
      "restic --no-cache check --read-data; ls /repository/locks | wc -l | grep -qx 0",
    );
    const after = await simpul("backup", "prune", "ppdb-online");
    expect(after.said.going).toEqual([]);
    const ledger = readdirSync(join(folder, "evidence", KABUPATEN));
    expect(ledger.some((name) => /^\d{4}-\d\d$/.test(name))).toBe(true);
  }, 240_000);

  it("does not begin while somebody verifies", async () => {
    const lock = join(ROOT, ".simpul/backup", KABUPATEN, "lock");
    const holder = spawn("flock", [lock, "sleep", "60"], { detached: true });
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { code, said } = await simpul("backup", "prune", "ppdb-online");
      expect([code, said.findings[0]!.id]).toEqual([1, "backups-busy"]);
    } finally {
      process.kill(-holder.pid!, "SIGKILL");
    }
  });
});

const TOKEN = join(ROOT, ".simpul/run/prune", KABUPATEN, "ppdb-online-pusat-data.json");
const keepers = () => docker("ps", "--quiet", "--filter", `name=simpul-keeper-${KABUPATEN}`);

/** Ends the command and what it started at once, as a power cut does: so long after the container is at work. */
function killedAfter(milliseconds: number, ...words: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, "scripts/simpul"), [...words, ...COMMON()], {
      env: { ...process.env, SIMPUL_EVIDENCE: join(folder, "evidence") },
      stdio: "ignore",
      detached: true,
    });
    const look = setInterval(() => {
      const isAtWork = existsSync(TOKEN) && readFileSync(TOKEN, "utf8").includes('"begun":true');
      if (!isAtWork || keepers() === "") return;
      clearInterval(look);
      setTimeout(() => {
        if (child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
      }, milliseconds);
    }, 50);
    child.once("close", () => {
      clearInterval(look);
      resolve();
    });
  });
}

describe("the keys", () => {
  it("are sealed for custodians, opened by theirs alone, and seen to be those in use", async () => {
    const identities = ["kepala", "sekretaris"].map((name) => {
      const file = join(folder, `${name}.key`);
      execFileSync("age-keygen", ["-o", file], { stdio: "ignore" });
      return { file, age: execFileSync("age-keygen", ["-y", file], { encoding: "utf8" }).trim() };
    });
    const before = await simpul("backup", "keys", "verify");
    expect(before.said.findings.map(({ id }) => id)).toContain("custodians-few");
    const kabupaten = join(folder, "inventory", KABUPATEN, "kabupaten.yaml");
    const custodians = identities.map(
      ({ age }, index) =>
        `    - { name: Custodian ${index}, contact: c${index}@ujikab.go.id, age: ${age} }`,
    );
    writeFileSync(
      kabupaten,
      `${readFileSync(kabupaten, "utf8")}backup:\n  custodians:\n${custodians.join("\n")}\n`,
    );
    const unsealed = await simpul("backup", "keys", "verify");
    expect(unsealed.said.findings.map(({ id }) => id)).toEqual(["escrow-behind"]);
    expect((await simpul("backup", "keys", "escrow")).code).toBe(0);
    const escrow = join(folder, "inventory", KABUPATEN, "escrow");
    for (const name of readdirSync(escrow))
      expect(readFileSync(join(escrow, name), "utf8")).not.toContain("ppdb-online-pusat-data");
    const whole = await simpul("backup", "keys", "verify");
    expect(whole).toMatchObject({
      code: 0,
      said: { measured: { keys: 4, opened: 4, custodians: 2 } },
    });

    const proof = await simpul("backup", "keys", "verify", "--identity", identities[1]!.file);
    expect(proof).toMatchObject({ code: 0, said: { custodian: "Custodian 1" } });
    const stranger = join(folder, "stranger.key");
    execFileSync("age-keygen", ["-o", stranger], { stdio: "ignore" });
    const refused = await simpul("backup", "keys", "verify", "--identity", stranger);
    expect([refused.code, refused.said.findings[0]!.id]).toEqual([1, "escrow-unopened"]);

    writeFileSync(join(SECRETS, "backup/ppdb-online/drc-password"), "another");
    const changed = await simpul("backup", "keys", "verify");
    expect(changed.said.findings.map(({ id }) => id).toSorted()).toEqual([
      "backup-key-wrong",
      "escrow-behind",
    ]);
    writeFileSync(join(SECRETS, "backup/ppdb-online/drc-password"), "ppdb-online-drc");
    const copy = readdirSync(escrow).find((name) => name.startsWith("custodian-0"))!;
    writeFileSync(join(escrow, copy), "no copy");
    const damaged = await simpul("backup", "keys", "verify");
    expect(damaged.said.findings.map(({ what }) => what)).toEqual([
      expect.stringContaining("the copy of Custodian 0"),
    ]);
  }, 240_000);

  it("list what there is at both sites", async () => {
    const { said } = await simpul("backup", "list");
    expect(said.backups.map(({ name, site }) => `${name} ${site}`)).toEqual(
      NAMES.flatMap((name) => SITES.map((site) => `${name} ${site}`)),
    );
    expect(said.backups.find(({ name }) => name === "sik-puskesmas")).toMatchObject({ backups: 0 });
    expect(statSync(SECRETS).mode & 0o077).toBe(0);
  });
});
