import { setTimeout } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localEngine } from "../../modules/engine/docker-engine.ts";
import { judgeAppendOnly, tryAppendOnly } from "../../modules/verify/backup-append-only.ts";
import { BackupLab } from "./backup-lab.ts";
import { KABUPATEN } from "./kabupaten-lab.ts";

describe("backups of agencies' servers", () => {
  let lab: BackupLab;

  beforeAll(async () => {
    lab = await BackupLab.deploy();
  }, 300_000);

  afterAll(() => lab.remove(), 120_000);

  it("are taken when a server is deployed, and are at the DRC soon", async () => {
    for (const name of ["ppdb-online", "sik-puskesmas"]) {
      const { last } = await lab.until(name, ({ ok }) => ok === true);
      const snapshots = await lab.snapshots(name);
      expect(snapshots.map(({ id }) => id)).toContain(last!.snapshot);
      expect(snapshots.find(({ tags }) => tags.includes(`of-${last!.snapshot}`))).toBeDefined();
    }
    await lab.until("salinan-drc", ({ repositories = {} }) =>
      ["ppdb-online", "sik-puskesmas"].every((name) => repositories[name]?.ok === true),
    );
  }, 180_000);

  it("hold every file whatever it is called, as the manifest says", async () => {
    await lab.inVps(
      "ppdb-online",
      `mkdir -p /srv/aneh && cd /srv/aneh && printf satu >$'baris\\nbaru\\tdan tab' && printf dua >$'\\xff\\xfe' &&
       ln -s ../../../etc/shadow keluar && mkfifo pipa && truncate -s 100M jarang && truncate -s 3G mustahil &&
       head -c 3M /dev/urandom >acak && chmod 000 acak && chown 1234:4321 acak && echo rahasia >/etc/uji-lapisan`,
    );
    const status = await lab.backUp("ppdb-online");
    expect(status).toMatchObject({ ok: true, leftOut: 1, changed: 0 });
    const out = await lab.apart("ppdb-online", RESTORE_AND_COMPARE);
    expect(out.trim().split("\n").toSorted()).toEqual(
      [
        "same files/srv/aneh/acak",
        String.raw`same $'files/srv/aneh/baris\nbaru\tdan tab'`,
        String.raw`same $'files/srv/aneh/\377\376'`,
        "same files/srv/aneh/jarang",
        "same link ../../../etc/shadow",
      ].toSorted(),
    );
    const list = await lab.restic("ppdb-online", 'restic "$@" --no-lock ls latest --tag simpul');
    expect(list).toMatch(/^\/backup\/files\/srv\/aneh\/pipa$/m);
    expect(list).toMatch(/^\/backup\/layer\/[0-9a-f]{64}\/diff\/etc\/uji-lapisan$/m);
    expect(list).not.toContain("mustahil");
  }, 120_000);

  it("say what changed while it was read", async () => {
    await lab.inVps(
      "ppdb-online",
      "head -c 60M /dev/urandom >/srv/besar; (for i in {1..400}; do date +%N >/srv/detak; sleep 0.05; done) >/dev/null 2>&1 &",
    );
    const status = await lab.backUp("ppdb-online");
    await lab.inVps("ppdb-online", "rm /srv/besar");
    expect(status.ok).toBe(true);
    expect(status.changed).toBeGreaterThan(0);
    const live = await lab.restic(
      "ppdb-online",
      `restic "$@" --no-lock dump ${status.last!.live} /backup/live/files | tr '\\0' '\\n' | cut -f 9`,
    );
    expect(live).toContain("files/srv/detak");
    expect(live).not.toContain("files/srv/besar");
  }, 120_000);

  it("hold a database as it was at one moment, though it is written to meanwhile", async () => {
    await lab.inVps(
      "sik-puskesmas",
      `su postgres -c "psql -qc 'create table rekening (id int primary key, saldo int)' -c 'insert into rekening select n, 100 from generate_series(1, 2000) n' -c 'create table \\"nama\\"\\"aneh\\" (n int)'"`,
    );
    await lab.inVps(
      "sik-puskesmas",
      `(while :; do for i in {1..200}; do a=$((RANDOM % 2000 + 1)) b=$((RANDOM % 2000 + 1)); echo "begin; update rekening set saldo = saldo - 1 where id = $a; update rekening set saldo = saldo + 1 where id = $b; insert into \\"nama\\"\\"aneh\\" values (1); commit;"; done | timeout 90 su postgres -c 'psql -q' || break; done) >/dev/null 2>&1 &`,
    );
    const status = await lab.backUp("sik-puskesmas");
    expect(status.ok, status.message ?? "").toBe(true);
    await lab.inVps("sik-puskesmas", "pkill psql || true");
    const counts = await lab.restic(
      "sik-puskesmas",
      `restic "$@" --no-lock dump ${status.last!.snapshot} /backup/databases/postgresql/counts.tsv`,
    );
    const rows = new Map(
      counts
        .trim()
        .split("\n")
        .map((line) => [line.split("\t")[2], Number(line.split("\t")[3])]),
    );
    expect(rows.get("rekening")).toBe(2000);
    const dump = await lab.restic(
      "sik-puskesmas",
      `restic "$@" --no-lock dump ${status.last!.snapshot} /backup/databases/postgresql/postgres.dump >/tmp/dump && pg_restore --data-only -f - /tmp/dump`,
    );
    const balances = [...dump.matchAll(/^\d+\t(-?\d+)$/gm)].map(([, saldo]) => Number(saldo));
    expect(balances).toHaveLength(2000);
    expect(balances.reduce((sum, saldo) => sum + saldo, 0)).toBe(200_000);
    expect([...dump.matchAll(/^1$/gm)]).toHaveLength(rows.get('nama"aneh') ?? -1);
    expect(rows.get('nama"aneh')).toBeGreaterThan(0);
    const roles = await lab.restic(
      "sik-puskesmas",
      `restic "$@" --no-lock dump ${status.last!.snapshot} /backup/databases/postgresql/globals.sql`,
    );
    expect(roles).toContain("CREATE ROLE postgres");
  }, 120_000);

  it("let neither their own credential nor the server's root take or change anything", async () => {
    const volume = "simpul-uji-backup-server-ppdb-online";
    const before = await lab.content(volume);
    const [snapshot] = await lab.snapshots("ppdb-online");
    for (const line of [
      `restic "$@" forget ${snapshot!.id}`,
      'restic "$@" forget --keep-last 1 --prune',
      'restic "$@" prune --max-unused 0',
      'restic "$@" rebuild-index',
      'restic "$@" key passwd --new-password-file /dev/null',
    ]) {
      const said = await lab.beside("ppdb-online", `timeout 20 ${line}`);
      expect(said.exitCode, line).not.toBe(0);
    }
    const pack = before
      .find((line) => line.includes("./data/"))!
      .split("./")
      .at(1)!
      .split("/")
      .at(-1)!;
    const attempts = [
      ["DELETE", `snapshots/${snapshot!.id}`],
      ["DELETE", `data/${pack}`],
      ["DELETE", "config"],
      ["DELETE", ""],
      ["POST", "config"],
      ["POST", `data/${pack}`],
      ["POST", `snapshots/${snapshot!.id}`],
      ["PUT", `data/${pack}`],
      ["POST", "?create=true"],
    ] as const;
    for (const [method, place] of attempts) {
      const code = await asks("ppdb-online", "ppdb-online", method, place);
      expect([method, place, /^[45]/.test(code) || place === "?create=true"]).toEqual([
        method,
        place,
        true,
      ]);
    }
    const after = await lab.content(volume);
    expect(after.filter((line) => before.includes(line))).toEqual(before);
    const [pusatData] = (await lab.lab.plan()).backup!.servers;
    for (const { text } of [
      pusatData!.address.ipv4,
      pusatData!.service.ipv4,
      pusatData!.service.ipv6,
    ]) {
      const reached = await lab.lab.inside("vps-ppdb-online", "nc", "-z", "-w", "2", text, "8443");
      expect(reached.exitCode, text).not.toBe(0);
    }
  }, 120_000);

  it("give nothing to the credential of another", async () => {
    const places = [
      "sik-puskesmas/config",
      "sik-puskesmas/data/",
      "sik-puskesmas/keys/",
      "ppdb-online/../sik-puskesmas/config",
      "ppdb-online/..%2fsik-puskesmas/config",
      "ppdb-online%2f..%2fsik-puskesmas/config",
      "./sik-puskesmas/config",
      "/sik-puskesmas/config",
      "config",
      "",
    ];
    const codes = await Promise.all(places.map((place) => asks("ppdb-online", "", "GET", place)));
    expect(codes.filter((code) => code.startsWith("2"))).toEqual([]);
    const nobody = await lab.beside(
      "ppdb-online",
      `curl -sk -o /dev/null -w '%{http_code}' https://cadangan.intra.ujikab.go.id:8443/ppdb-online/config`,
    );
    expect(nobody.stdout).toBe("401");
    const shown = await lab.beside(
      "ppdb-online",
      "ls /run/simpul-secrets /srv/repositories 2>/dev/null | sort",
    );
    expect(shown.stdout.split("\n").filter(Boolean)).toEqual([
      "/run/simpul-secrets:",
      "ca.pem",
      "password",
      "repository",
    ]);
  }, 60_000);

  it("say that a repository is full, while others go on, and fit again when it has grown", async () => {
    await lab.inVps("ppdb-online", "head -c 150M /dev/urandom >/srv/penuh");
    const [full, other] = await Promise.all([
      lab.backUp("ppdb-online"),
      lab.backUp("sik-puskesmas"),
    ]);
    expect(full).toMatchObject({ ok: false, reason: "repository-full" });
    expect(other.ok, other.message ?? "").toBe(true);
    const before = await lab.started("backup-server-cadangan");
    await lab.askFor("ppdb-online", {
      owner: "dinas-pendidikan",
      image: "debian-12",
      size: "384MiB",
    });
    await lab.apply();
    const grown = await lab.backUp("ppdb-online");
    expect(grown.ok, grown.message ?? "").toBe(true);
    await lab.inVps("ppdb-online", "rm /srv/penuh");
    expect(await lab.started("backup-server-cadangan")).toBe(before);
  }, 240_000);

  it("come to their end after kills at any moment, of the agent and of the server", async () => {
    for (let round = 0; round < 4; round++) {
      await lab.inVps("ppdb-online", `head -c 12M /dev/urandom >/srv/putaran`);
      const under = lab.lab.inside("backup-runner-ppdb-online", "simpul-backup");
      await setTimeout(500 + Math.random() * 4000);
      await lab.kill(round % 2 === 0 ? "backup-runner-ppdb-online" : "backup-server-cadangan");
      await under;
      await lab.until("ppdb-online", () => true);
      // The engine starts a server again that was killed, after a pause that grows with each kill.
      const end = Date.now() + 30_000;
      let status = await lab.backUp("ppdb-online");
      while (status.ok !== true && Date.now() < end) {
        await setTimeout(500);
        status = await lab.backUp("ppdb-online");
      }
      expect(status.ok, status.message ?? "").toBe(true);
    }
    const check = await lab.restic("ppdb-online", 'restic "$@" --no-lock check --read-data');
    expect(check).toContain("no errors were found");
    // The copier has one of its own for as long as it reads the new snapshot.
    const locks = () => lab.restic("ppdb-online", 'restic "$@" --no-lock list locks');
    for (let more = 60; more > 0 && (await locks()).trim() !== ""; more--) await setTimeout(500);
    expect((await locks()).trim()).toBe("");
    const unchanged = await lab.lab.simpul("plan", "--expect-no-changes");
    expect(unchanged.exitCode, unchanged.stdout).toBe(0);
  }, 240_000);

  it("keep every word of their status when several write it at once", async () => {
    const script = `source /usr/local/lib/simpul/status.sh; STATUS=$(mktemp --directory)/status.json
      for n in {1..40}; do status '.["w" + $n] = $n' n "$n" & done; wait; jq length "$STATUS"`;
    const { stdout } = await lab.lab.inside("backup-runner-ppdb-online", "bash", "-c", script);
    expect(stdout.trim()).toBe("40");
  }, 60_000);

  it("are begun for a new server without a restart of anybody", async () => {
    const others = [
      "backup-server-cadangan",
      "backup-server-cadangan-drc",
      "backup-runner-salinan-drc",
      "backup-runner-ppdb-online",
      "backup-runner-sik-puskesmas",
    ];
    const before = await Promise.all(others.map((one) => lab.started(one)));
    await lab.askFor("baru", { owner: "dinas-pendidikan", image: "debian-12" });
    await lab.apply();
    await lab.until("baru", ({ ok }) => ok === true);
    await lab.until(
      "salinan-drc",
      ({ repositories = {} }) => repositories["baru"]?.ok === true,
      120,
    );
    expect(await Promise.all(others.map((one) => lab.started(one)))).toEqual(before);
  }, 240_000);

  it("are at the DRC one and all, under other keys", async () => {
    const here = await lab.snapshots("sik-puskesmas");
    const line = `cd /run/simpul-secrets/sik-puskesmas/to && restic --repository-file repository --password-file password --cacert ca.pem --no-cache --no-lock --json snapshots`;
    let copied: readonly { readonly original?: string }[] = [];
    for (let tries = 0; tries < 60 && copied.length < here.length; tries++) {
      await setTimeout(1000);
      const { stdout } = await lab.lab.inside("backup-runner-salinan-drc", "bash", "-c", line);
      copied = JSON.parse(stdout) as typeof copied;
    }
    expect(copied.map(({ original }) => original ?? "").toSorted()).toEqual(
      here.map(({ id }) => id).toSorted(),
    );
    const wrong = line.replace("--password-file password", "--password-file ../from/password");
    const refused = await lab.lab.inside("backup-runner-salinan-drc", "bash", "-c", wrong);
    expect(refused.stderr).toContain("wrong password");
  }, 120_000);

  it("go with no plan that does not name them", async () => {
    const state = "state: archived\nwithout_backup: dipindahkan ke provinsi";
    await lab.askFor("baru", { owner: "dinas-pendidikan", image: "debian-12" });
    const { readFile } = await import("node:fs/promises");
    const file = `${lab.lab.inventory}/uji/vps/baru.yaml`;
    await lab.lab.write("vps/baru.yaml", `${await readFile(file, "utf8")}${state}\n`);
    const plan = await lab.lab.simpul("plan", "--json", "--destroy", "vps/baru");
    const { findings } = JSON.parse(plan.stdout) as {
      findings: readonly { id: string; what: string }[];
    };
    const refused = findings.filter(({ id }) => id === "unnamed-destroy").map(({ what }) => what);
    expect(refused.filter((what) => what.includes("backup server"))).toEqual([
      "the plan of backup would remove volume of backup server baru",
      "the plan of drc would remove volume of backup server baru-drc",
    ]);
  }, 60_000);

  it("are no drift, and verification is content with what takes them", async () => {
    await lab.askFor("baru", { owner: "dinas-pendidikan", image: "debian-12" });
    const drift = await lab.lab.simpul("drift");
    expect(drift.exitCode, drift.stdout).toBe(0);
    for (const topic of ["wan", "vps"]) {
      const said = await lab.lab.simpul("verify", topic);
      expect(said.exitCode, said.stdout).toBe(0);
    }
  }, 120_000);

  it("are begun anew where there is no repository, which a check before that does not spoil", async () => {
    const volume = `simpul-${KABUPATEN}-backup-server-ppdb-online`;
    const wipe = ["--volume", `${volume}:/repository`, "--entrypoint", "find", await lab.image()];
    const words = ["/repository", "-mindepth", "1", "-not", "-name", "lost+found", "-delete"];
    await lab.lab.docker("run", "--rm", "--network", "none", ...wipe, ...words);
    const engine = localEngine(process.env);
    const runner = `simpul-${KABUPATEN}-backup-runner-ppdb-online`;
    const answers = await tryAppendOnly(engine, runner, "sik-puskesmas");
    expect([...answers]).toEqual([["read", 404]]);
    expect(judgeAppendOnly(answers)).toMatchObject([{ id: "backup-repository-missing" }]);
    expect(await lab.content(volume)).toEqual([""]);
    expect(await lab.backUp("ppdb-online")).toMatchObject({ ok: true });
    expect(await lab.snapshots("ppdb-online")).toHaveLength(2);
  }, 120_000);

  /** The HTTP status of a request with the credential beside a server. */
  async function asks(
    name: string,
    repository: string,
    method: string,
    place: string,
  ): Promise<string> {
    const line = `url=$(cat /run/simpul-secrets/repository); url=\${url#rest:}; printf 'url = "%s"\\n' "\${url%${name}/}${repository === "" ? "" : `${repository}/`}${place}" |
      curl --config - --path-as-is --silent --cacert /run/simpul-secrets/ca.pem --request ${method} ${method === "GET" ? "" : "--data-binary palsu"} --output /dev/null --write-out '%{http_code}'`;
    return (await lab.beside(name, line)).stdout;
  }
});

/** Restores what has odd names, and compares each with what the manifest in the same snapshot says. */
const RESTORE_AND_COMPARE = `
restic "$@" restore latest --tag simpul --target /tmp/uji --include /backup/files/srv/aneh --include /backup/manifest >/dev/null
cd /tmp/uji/backup
while IFS= read -r -d '' record; do
  IFS=$'\\t' read -r -d '' type mode uid gid size mtime ctime sum rest <<<"$record" || true
  path=$record
  for i in {1..8}; do path=\${path#*$'\\t'}; done
  [[ $path == files/srv/aneh/* ]] || continue
  case $type in
    f) [[ $(sha256sum <"$path") == "$sum  -" && $(stat -c '%a %u %g %s' "$path") == "$mode $uid $gid $size" ]] && printf 'same %q\\n' "$path" ;;
    l) [[ $(readlink -n "$path" | sha256sum) == "$sum  -" ]] && echo "same link $(readlink "$path")" ;;
  esac
done <manifest/files
`;
