import { createHash, randomBytes } from "node:crypto";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  ensureAuthority,
  issueCertificate,
  type Authority,
} from "../../modules/engine/certificate-authority.ts";
import { readRoleImages, type RoleImages } from "../../modules/engine/images.ts";

const ROOT = join(import.meta.dirname, "../..");
const KABUPATEN = `paket${process.pid}`;
const SECRETS = join(ROOT, ".simpul/secrets", KABUPATEN);
const [NETWORK, SERVER, MACHINE] = ["network", "server", "machine"].map(
  (part) => `simpul-${KABUPATEN}-${part}`,
) as [string, string, string];
const HOST = "cadangan.intra.ujikab.go.id";
const http = randomBytes(16).toString("hex");

let folder: string;
let images: RoleImages;

beforeAll(() => {
  images = readRoleImages(ROOT) as RoleImages;
  folder = mkdtempSync(join(tmpdir(), "simpul-package-"));
  const inventory = join(folder, "inventory", KABUPATEN);
  cpSync(join(ROOT, "test/fixtures/inventory/uji"), inventory, { recursive: true });
  appendFileSync(
    join(inventory, "colocation/rak-a.yaml"),
    `  simrs:
    kind: server
    owner: dinas-kominfo
    units: 12-13
    power: { a: 100, b: 100 }
    serial: HEX09
    asset: "1.3.2.10.01.0009"
    server:
      purpose: Sistem informasi
      classification: terbatas
      external: true
      backup: { every: 6h, paths: [/srv/data, "/etc"] }
`,
  );
  const authority = ensureAuthority(join(SECRETS, "ca"), "ujikab.go.id") as Authority;
  mkdirSync(join(SECRETS, "backup/simrs"), { recursive: true, mode: 0o700 });
  writeFileSync(join(SECRETS, "backup/simrs/password"), "kunci", { mode: 0o600 });
  writeFileSync(join(SECRETS, "backup/simrs/http-password"), http, { mode: 0o600 });
  const server = join(folder, "server");
  mkdirSync(server);
  writeFileSync(join(server, "tls.pem"), issueCertificate(authority, [HOST]));
  const sha1 = createHash("sha1").update(http).digest("base64");
  writeFileSync(join(server, "htpasswd"), `simrs:{SHA}${sha1}\n`);
}, 60_000);

afterAll(() => {
  spawnSync("docker", ["rm", "--force", "--volumes", SERVER, MACHINE]);
  spawnSync("docker", ["network", "rm", NETWORK]);
  rmSync(SECRETS, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

function docker(...words: readonly string[]): string {
  return execFileSync("docker", words, { encoding: "utf8" });
}

const onMachine = (script: string) => docker("exec", MACHINE, "bash", "-euc", script);

function simpul(...words: readonly string[]): Promise<{ code: number; out: string }> {
  const common = ["--kabupaten", KABUPATEN, "--inventory", join(folder, "inventory")];
  return new Promise((resolve) => {
    const child = execFile(join(ROOT, "scripts/simpul"), [...words, ...common], (_error, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
}

describe("simpul backup package", () => {
  it("makes a package that installs on Debian, and backs the machine up when that is due", async () => {
    const out = join(folder, "out");
    const made = await simpul("backup", "package", "simrs", "--out", out);
    expect(made, made.out).toMatchObject({ code: 0 });
    expect(readdirSync(out).toSorted()).toEqual([
      "simpul-backup-simrs.deb",
      "simrs.credentials.tar",
    ]);
    expect(statSync(join(out, "simrs.credentials.tar")).mode & 0o777).toBe(0o600);
    const deb = join(out, "simpul-backup-simrs.deb");
    mkdirSync(join(folder, "unpacked"));
    execFileSync("dpkg-deb", ["--raw-extract", deb, join(folder, "unpacked")]);
    for (const secret of ["kunci", http])
      expect(spawnSync("grep", ["-rqF", secret, join(folder, "unpacked")]).status).toBe(1);
    const units = ["service", "timer"].map((kind) =>
      join(folder, "unpacked/lib/systemd/system", `simpul-backup.${kind}`),
    );
    expect(
      execFileSync("sed", ["s|/usr/bin/simpul-backup-when-due|/bin/true|", "-i", ...units]).length,
    ).toBe(0);
    expect(spawnSync("systemd-analyze", ["verify", ...units]).status).toBe(0);

    docker("network", "create", "--internal", NETWORK);
    docker(
      ...["run", "--detach", "--name", SERVER, "--network", NETWORK, "--network-alias", HOST],
      ...["--volume", `${join(folder, "server")}:/secrets:ro`, "--tmpfs", "/repositories"],
      ...["--entrypoint", "rclone", images["backup-server"].id, "serve", "restic", "--config="],
      ...["--addr", ":8443", "--append-only", "--private-repos", "--htpasswd", "/secrets/htpasswd"],
      ...["--cert", "/secrets/tls.pem", "--key", "/secrets/tls.pem", "/repositories"],
    );
    // A Debian with what the package depends on; nothing of ours is on it but what dpkg brings.
    docker(
      ...["run", "--detach", "--name", MACHINE, "--network", NETWORK, "--cap-add", "SYS_ADMIN"],
      ...["--security-opt", "apparmor=unconfined", "--volume", `${out}:/media:ro`],
      // On file systems of their own, as a machine has them: the engine's are layers of several.
      ...["--volume", "/etc", "--volume", "/srv", "--volume", "/var/lib/simpul-backup"],
      ...[
        "--entrypoint",
        "sh",
        images["backup-runner"].id,
        "-c",
        "rm -rf /usr/local/bin/simpul* /usr/local/lib/simpul /backup; sleep 3600",
      ],
    );
    onMachine("mkdir -p /srv/data; printf isi >/srv/data/berkas; printf jangan >/srv/lain");
    onMachine("dpkg --install /media/simpul-backup-simrs.deb");
    expect(onMachine("stat -c %a /etc/simpul-backup/settings").trim()).toBe("600");
    const early = spawnSync("docker", ["exec", MACHINE, "simpul-backup-when-due"], {
      encoding: "utf8",
    });
    expect([early.status, early.stderr]).toEqual([
      1,
      expect.stringContaining("credentials are missing"),
    ]);
    onMachine("tar --directory /etc/simpul-backup --extract --file /media/simrs.credentials.tar");
    onMachine(
      `sed -i 's|${HOST}:[0-9]*/|${HOST}:8443/|' /etc/simpul-backup/credentials/repository`,
    );
    onMachine("simpul-backup-when-due");
    const restic =
      "restic --repository-file /etc/simpul-backup/credentials/repository --password-file /etc/simpul-backup/credentials/password --cacert /etc/simpul-backup/credentials/ca.pem --no-cache";
    const snapshots = JSON.parse(onMachine(`${restic} snapshots --json`)) as readonly {
      readonly hostname: string;
      readonly tags: readonly string[];
      readonly paths: readonly string[];
    }[];
    expect(snapshots.map(({ tags }) => tags[0])).toEqual(["simpul", "simpul-live"]);
    expect(snapshots[0]).toMatchObject({
      hostname: "simrs",
      paths: expect.arrayContaining(["/backup/files/srv/data", "/backup/manifest"]) as string[],
    });
    const listed = onMachine(`${restic} ls latest --tag simpul --host simrs`);
    expect(listed).toContain("/backup/files/srv/data/berkas");
    expect(listed).not.toContain("/srv/lain");
    // Nothing is due before the next moment; asked for, it is taken all the same.
    onMachine("simpul-backup-when-due");
    expect(JSON.parse(onMachine(`${restic} snapshots --json`))).toHaveLength(2);
    onMachine("simpul-backup-when-due --now");
    expect(JSON.parse(onMachine(`${restic} snapshots --json`))).toHaveLength(4);
    // The machine's own credential takes nothing away.
    const forget = spawnSync("docker", [
      "exec",
      MACHINE,
      "bash",
      "-c",
      `${restic} forget --keep-last 1 --prune`,
    ]);
    expect(forget.status).not.toBe(0);
    expect(JSON.parse(onMachine(`${restic} snapshots --no-lock --json`))).toHaveLength(4);
    expect(onMachine("mount | grep -c simpul-backup/files || true").trim()).toBe("0");
    // A file on another file system than its folder: restic passes over it without a word.
    onMachine("mkdir /dev/shm/lain && printf isi >/dev/shm/lain/berkas && touch /srv/data/terikat");
    onMachine("mount --bind /dev/shm/lain/berkas /srv/data/terikat");
    onMachine(
      "sed -i 's|^SIMPUL_BACKUP_PATHS=.*|SIMPUL_BACKUP_PATHS=/srv/data|' /etc/simpul-backup/settings",
    );
    const partly = spawnSync("docker", ["exec", MACHINE, "simpul-backup-when-due", "--now"]);
    expect([partly.status, partly.stderr.toString()]).toEqual([
      75,
      expect.stringContaining("only 1 of 2 files were read"),
    ]);
    onMachine("dpkg --remove simpul-backup && ! command -v simpul-backup");
  }, 240_000);

  it("is not for a VPS, beside which the Dinas' agent stands", async () => {
    const { code, out } = await simpul("backup", "package", "ppdb-online", "--out", folder);
    expect([code, out.includes("agent of the Dinas")]).toEqual([2, true]);
  }, 60_000);
});
