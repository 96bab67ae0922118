import { readFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Fault } from "../../modules/core/fault.ts";
import { answerOf, localEngine, type Engine } from "../../modules/engine/docker-engine.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { runProofs, type ProofRun, type ProofSettings } from "../../modules/verify/backup-run.ts";
import type { ProofOutcome } from "../../modules/verify/backup-proof.ts";
import type { BackupSubject } from "../../modules/verify/backup-subject.ts";
import { ROOT } from "../../stacks/prepare.ts";

export const PASSWORD = "kata-sandi-uji";
const PREFIX = "simpul-test-proof";

/** Repositories made by the real restic, of a server with files and databases, in volumes that one may damage. */
export interface ProofLab {
  readonly engine: Engine;
  /** Makes a repository by a script, whose functions are those of `MAKE`. */
  make(name: string, script: string): Promise<void>;
  /** The same repository again, in a volume of its own. */
  clone(from: string, to: string): Promise<void>;
  /** Runs a script with the repository at /repository, writable. */
  at(name: string, script: string): Promise<string>;
  /** As the copier does it. */
  copy(from: string, to: string): Promise<void>;
  /** As on a machine that proves for the first time. */
  forgetRecords(): Promise<void>;
  subject(name: string, more?: Partial<BackupSubject>): BackupSubject;
  prove(
    subjects: readonly BackupSubject[],
    more?: Partial<ProofSettings> & Partial<Pick<ProofRun, "at">>,
  ): Promise<readonly ProofOutcome[]>;
  /** Names of containers and volumes that proofs left behind. */
  leftovers(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export async function buildProofLab(): Promise<ProofLab> {
  const images = readRoleImages(ROOT);
  if (images instanceof Fault) throw new Error(images.what);
  const image = images["backup-proof"].id;
  const engine = localEngine(process.env);
  const records = await mkdtemp(path.join(tmpdir(), "simpul-proof-"));
  const run = (mounts: readonly string[], script: string): Promise<string> =>
    answerOf(
      engine,
      [
        ...["docker", "run", "--rm", "--interactive", "--network", "none", "--tmpfs", "/backup"],
        ...mounts.flatMap((mount) => ["--volume", mount]),
        ...["--env", "RESTIC_REPOSITORY=/repository", "--env", `RESTIC_PASSWORD=${PASSWORD}`],
        ...["--entrypoint", "bash", image, "-s"],
      ],
      Buffer.from(`set -euo pipefail\n${script}`),
    );
  const make = await makeScript();
  const lab: ProofLab = {
    engine,
    make: async (name, script) => {
      await engine.run(["docker", "volume", "rm", "--force", volumeOf(name)]);
      await run([`${volumeOf(name)}:/repository`], `${make}\n${script}`);
    },
    clone: async (from, to) => {
      await engine.run(["docker", "volume", "rm", "--force", volumeOf(to)]);
      await run(
        [`${volumeOf(from)}:/from:ro`, `${volumeOf(to)}:/repository`],
        "cp -a /from/. /repository/",
      );
    },
    at: (name, script) => run([`${volumeOf(name)}:/repository`], `${make}\n${script}`),
    copy: async (from, to) => {
      await run(
        [`${volumeOf(from)}:/from`, `${volumeOf(to)}:/repository`],
        "RESTIC_FROM_REPOSITORY=/from RESTIC_FROM_PASSWORD=$RESTIC_PASSWORD restic copy --quiet --no-cache",
      );
    },
    forgetRecords: async () => {
      await rm(records, { recursive: true, force: true });
    },
    subject: (name, more = {}) => ({
      ...{ name, site: "pusat-data", owner: "dinas-pendidikan", volume: volumeOf(name) },
      ...{ password: PASSWORD, everySeconds: 86_400, lagSeconds: 0, closed: false },
      ...{ keep: { daily: 14, weekly: 8, monthly: 12 }, paths: ["/srv"], databases: [] },
      mostBytes: 2 ** 30,
      ...more,
    }),
    prove: (subjects, more = {}) =>
      runProofs({
        ...{ engine, kabupaten: "uji", image, subjects, records, at: () => {} },
        ...{ full: false, again: false, workers: 2, memoryBytes: 1.5 * 2 ** 30 },
        ...more,
      }),
    leftovers: async () => {
      const filter = ["--filter", "label=id.go.simpul.scratch", "--quiet"];
      const containers = await answerOf(engine, ["docker", "ps", "--all", ...filter]);
      const volumes = await answerOf(engine, ["docker", "volume", "ls", ...filter]);
      return `${containers}\n${volumes}`.split("\n").filter(Boolean);
    },
    remove: async () => {
      const filter = ["--filter", `name=${PREFIX}`, "--quiet"];
      const volumes = await answerOf(engine, ["docker", "volume", "ls", ...filter]);
      const names = volumes.split("\n").filter(Boolean);
      if (names.length > 0) await engine.run(["docker", "volume", "rm", "--force", ...names]);
      await rm(records, { recursive: true, force: true });
    },
  };
  return lab;
}

function volumeOf(name: string): string {
  return `${PREFIX}-${name}`;
}

/** What a script may use: the runner's own programs, and the steps of a backup. */
async function makeScript(): Promise<string> {
  const programs = await Promise.all(
    ["manifest.pl", "dump-postgresql.sh"].map((file) =>
      readFile(path.join(ROOT, "images/backup-runner", file), "utf8"),
    ),
  );
  const install = ["simpul-manifest", "simpul-dump-postgresql"].map(
    (name, at) =>
      `cat >/usr/local/bin/${name} <<'end-of-${name}'\n${programs[at]!}end-of-${name}\nchmod 755 /usr/local/bin/${name}`,
  );
  return `${install.join("\n")}\n${MAKE}`;
}

const MAKE = `
umask 022
# As the runner does it. TIME moves the snapshot to another time: "-1 hour".
take() {
  local time=(--time "$(date -d "\${TIME:-now}" '+%Y-%m-%d %H:%M:%S')") id
  mkdir -p /backup/databases /backup/manifest /backup/live
  simpul-manifest take /backup /backup/files/srv /backup/databases
  before_sending
  id=$(restic backup --no-cache --quiet --json --host "\${HOST:-sekolah}" --tag simpul "\${time[@]}" \\
    /backup/files/srv /backup/databases /backup/manifest | grep -o '"snapshot_id":"[0-9a-f]*"' | cut -d '"' -f 4)
  id=$(ls /repository/snapshots | grep "^$id")
  simpul-manifest compare /backup /backup/files/srv /backup/databases >/dev/null
  restic backup --no-cache --quiet --host "\${HOST:-sekolah}" --tag simpul-live --tag "of-$id" "\${time[@]}" /backup/live
  # The server's clock, too; a drill may leave it alone.
  [[ -n \${WRONG_CLOCK-} ]] || touch -d "\${TIME:-now}" "/repository/snapshots/$id"
  echo "$id"
}
# A test may put something between manifest and backup.
before_sending() { :; }

begin() { restic init --quiet; }

files() {
  mkdir -p "/backup/files/srv/www/a b" /backup/files/srv/data
  echo '<h1>PPDB</h1>' >/backup/files/srv/www/index.html
  head -c 3000000 /dev/urandom >/backup/files/srv/data/blob
  seq 200000 >/backup/files/srv/data/numbers
  : >/backup/files/srv/data/empty
  ln -s ../data/blob "/backup/files/srv/www/a b/link"
  ln -s /etc/shadow /backup/files/srv/www/outside
  ln /backup/files/srv/data/numbers /backup/files/srv/data/hard
  truncate -s 20M /backup/files/srv/data/sparse
  mkfifo /backup/files/srv/data/pipe
  printf x >$'/backup/files/srv/data/line\\nbreak\\ttab %41'
  printf y >$'/backup/files/srv/data/\\x01low' && printf z >/backup/files/srv/data/-rf
  printf k >$'/backup/files/srv/data/\\xff\\xfe'
  chmod 4750 /backup/files/srv/data/numbers && chown 1234:4321 /backup/files/srv/data/numbers
  chmod 000 /backup/files/srv/data/empty && touch -d '2001-02-03 04:05:06.789' /backup/files/srv/data/empty
}

# Databases of a server that really runs meanwhile.
databases() { serving fill; }

# Of one in which nobody has made a table yet.
no_tables() { serving :; }

# serving WORD...: does that while a new server runs, and dumps it.
serving() {
  local programs=/usr/lib/postgresql/15/bin
  mkdir -p /tmp/pg /backup/databases && chown postgres /tmp/pg && install -d -o postgres /backup/databases/postgresql
  setpriv --reuid postgres --clear-groups "$programs/initdb" -D /tmp/pg/data -U postgres -A trust -E UTF8 --locale C.UTF-8 --no-sync >/dev/null
  setpriv --reuid postgres --clear-groups "$programs/pg_ctl" start -s -w -D /tmp/pg/data -l /tmp/pg/log -o "-c fsync=off -c listen_addresses='' -c unix_socket_directories=/tmp/pg"
  "$@"
  simpul-dump-postgresql /backup/databases/postgresql /tmp/pg
  setpriv --reuid postgres --clear-groups "$programs/pg_ctl" stop -s -m fast -D /tmp/pg/data
}

fill() {
  psql -q -h /tmp/pg -U postgres -v ON_ERROR_STOP=1 <<'SQL'
CREATE ROLE ppdb LOGIN PASSWORD 'rahasia';
CREATE DATABASE "ppdb.2026" OWNER ppdb;
CREATE DATABASE "a=b 'c'" OWNER ppdb;
\\connect "ppdb.2026"
CREATE SCHEMA "Data Siswa" AUTHORIZATION ppdb;
CREATE TABLE "Data Siswa"."siswa baru" (id int PRIMARY KEY, nama text NOT NULL);
INSERT INTO "Data Siswa"."siswa baru" SELECT n, 'siswa ' || n FROM generate_series(1, 5000) n;
CREATE TABLE kosong (a int);
CREATE INDEX ON "Data Siswa"."siswa baru" (nama);
CREATE VIEW ringkas AS SELECT count(*) FROM "Data Siswa"."siswa baru";
SQL
}
`;
