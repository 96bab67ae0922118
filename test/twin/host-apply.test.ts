import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { answerOf, localEngine } from "../../modules/engine/docker-engine.ts";
import { connectEngine } from "../../modules/engine/ssh-engine.ts";
import { Fault } from "../../modules/core/fault.ts";
import { hostVolume } from "../../modules/engine/host-volume.ts";
import { imageOf } from "../render/router-carrier.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab, type Said } from "./kabupaten-lab.ts";
import { buildSiteLab, type SiteLab } from "./site-lab.ts";
import { until } from "./containment-lab.ts";

const here = localEngine(process.env);
/** Of the link between this machine and the site. */
const [OURS, THEIRS] = ["198.18.244.1", "198.18.244.2"];
const LINK = "simpul-site-a";
const VOLUME = `simpul-${KABUPATEN}-vps-ppdb-online`;

/** A real SSH server on a host of its own, as an engine of another site has. */
describe("host apply over SSH", () => {
  let site: SiteLab;
  let lab: KabupatenLab;
  let keys: string;

  beforeAll(async () => {
    keys = await mkdtemp(path.join(tmpdir(), "simpul-engine-keys-"));
    process.env["SIMPUL_ENGINE_KEYS"] = keys;
    lab = await buildKabupatenLab();
    const secrets = path.join(keys, "pd1");
    await mkdir(secrets, { mode: 0o700 });
    await answerOf(here, [
      ...["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path.join(secrets, "id_ed25519")],
    ]);
    site = await buildSiteLab("apply");
    await site.boot([]);
    await link(site);
    await startSshServer(site, keys, await readFile(path.join(secrets, "id_ed25519.pub"), "utf8"));
    const hostKey = await answerOf(site.engine, ["cat", "/etc/site-key.pub"]);
    await writeFile(path.join(secrets, "known_hosts"), `${THEIRS} ${hostKey}`, { mode: 0o600 });
    const file = path.join(lab.inventory, KABUPATEN, "kabupaten.yaml");
    const text = await readFile(file, "utf8");
    const engines = `engines:\n  local: {}\n  pd1: { host: "ssh://root@${THEIRS}" }`;
    const moved = text
      .replace("engines:\n  local: {}", engines)
      .replace("pusat-data: { engine: local", "pusat-data: { engine: pd1");
    await lab.write("kabupaten.yaml", moved);
  }, 240_000);

  afterAll(async () => {
    delete process.env["SIMPUL_ENGINE_KEYS"];
    await here.run(["ip", "link", "delete", LINK]);
    await site?.remove();
    await lab?.remove();
    await rm(keys, { recursive: true, force: true });
  });

  const apply = (...options: readonly string[]): Promise<Said> =>
    lab.simpul("host", "apply", "--engine", "pd1", ...options);
  const mounted = async (): Promise<boolean> =>
    (await site.engine.run(["mountpoint", "--quiet", hostVolume(VOLUME).mount])).code === 0;

  it("shows what the host lacks, and changes nothing, until it is told to", async () => {
    const { exitCode, stdout, stderr } = await apply();
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`volume ${VOLUME}: make it, 1024 MiB`);
    expect(stdout).toContain("firewall: load the tables");
    expect(stdout).toContain("this was a dry run");
    expect(await mounted()).toBe(false);
  });

  it("does all of it, says each step, and then finds nothing more to do", async () => {
    const { exitCode, stdout } = await apply("--yes");
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/1 of \d+: firewall/)]);
    expect(await mounted()).toBe(true);
    const table = ["nft", "list", "table", "inet", "simpul"];
    expect(await site.engine.run(table)).toMatchObject({ code: 0 });
    const hosts = await answerOf(site.engine, ["cat", `${hostVolume(VOLUME).mount}/etc/hosts`]);
    expect(hosts).toMatch(/ ppdb-online$/m);
    const again = JSON.parse((await apply("--json")).stdout) as { ok: boolean; changes: object[] };
    expect(again).toMatchObject({ ok: true, changes: [] });
  });

  it("sets limits on what runs there, and places secrets in the volumes that are there", async () => {
    const image = imageOf("edge");
    const [edge, volume] = [
      `simpul-${KABUPATEN}-edge-edge1`,
      `simpul-${KABUPATEN}-config-edge-secrets`,
    ];
    const load = 'docker save "$1" | nsenter --target "$2" --all -- docker load --quiet';
    await answerOf(here, ["sh", "-euc", load, "load", image, String(site.firstProcess())]);
    const run = ["docker", "run", "--detach", "--network", "none", "--name", edge];
    await answerOf(site.engine, [...run, "--entrypoint", "sleep", image, "infinity"]);
    await answerOf(site.engine, ["docker", "volume", "create", volume]);
    const { stdout } = await apply();
    expect(stdout).toContain(`container ${edge}: set 512 processes`);
    expect(stdout).toContain(`secrets ${volume}: place them`);
    expect(await apply("--yes")).toMatchObject({ exitCode: 0 });
    const pids = ["docker", "inspect", "--format", "{{.HostConfig.PidsLimit}} {{.State.Running}}"];
    expect(await answerOf(site.engine, [...pids, edge])).toBe("512 true\n");
    const look = ["docker", "run", "--rm", "--network", "none", "--volume", `${volume}:/look`];
    const command = ["--entrypoint", "sh", image, "-c", "grep -l PRIVATE /look/current/certs/*"];
    expect(await answerOf(site.engine, [...look, ...command])).toContain("ppdb-online.ppdb.pem");
    expect((await apply()).stdout).toMatch(/: 0 of \d+ things are not as planned/);
    await answerOf(site.engine, ["docker", "rm", "--force", edge]);
    await answerOf(site.engine, ["docker", "volume", "rm", volume]);
  });

  it("mends what somebody undid", async () => {
    await answerOf(site.engine, ["umount", hostVolume(VOLUME).mount]);
    await answerOf(site.engine, ["nft", "flush", "chain", "inet", "simpul", "to_host"]);
    expect((await apply()).stdout).toMatch(/firewall: load[^]*: mount it/);
    expect(await apply("--yes")).toMatchObject({ exitCode: 0 });
    expect(await mounted()).toBe(true);
  });

  it("sends nothing to a host whose key is not the pinned one, nor with a key that others can read", async () => {
    const secrets = path.join(keys, "pd1");
    const known = path.join(secrets, "known_hosts");
    const right = await readFile(known, "utf8");
    const other = await readFile(path.join(secrets, "id_ed25519.pub"), "utf8");
    await writeFile(known, `${THEIRS} ${other}`);
    const said = await apply("--yes");
    expect([said.exitCode, said.stdout]).toEqual([3, expect.stringContaining("another key than")]);
    await writeFile(known, "");
    expect((await apply()).stdout).toContain("holds no key of");
    await writeFile(known, right);
    await answerOf(here, ["chmod", "644", path.join(secrets, "id_ed25519")]);
    expect((await apply()).stdout).toContain("can be reached by others");
    await answerOf(here, ["chmod", "600", path.join(secrets, "id_ed25519")]);
  });

  it("names an engine that the inventory does not have", async () => {
    const { exitCode, stdout } = await lab.simpul("host", "apply", "--engine", "pd9");
    expect([exitCode, stdout]).toEqual([
      2,
      expect.stringContaining("no engine pd9, but local, pd1"),
    ]);
  });

  it("passes words and bytes as they are, through no shell of the other side", async () => {
    const engine = await connectEngine({
      name: "pd1",
      host: `ssh://root@${THEIRS}`,
      secrets: path.join(keys, "pd1"),
    });
    if (engine instanceof Fault) throw new Error(engine.what);
    try {
      const words = ["$(id)", "'; reboot #", "a\nb", "`id`", ""];
      const said = await engine.run(["printf", "%s|", ...words]);
      expect(said).toMatchObject({ code: 0, stdout: `${words.join("|")}|` });
      const bytes = Buffer.from([...Array(256).keys()]);
      const sum = await engine.run(["od", "-An", "-tu1", "-v", "-w1"], bytes);
      expect(sum.stdout.trim().split(/\s+/).map(Number)).toEqual([...bytes]);
      expect((await engine.run(["sh", "-c", "exit 7"])).code).toBe(7);
    } finally {
      engine.close();
    }
  });
});

async function link(site: SiteLab): Promise<void> {
  await here.run(["ip", "link", "delete", LINK]);
  const peer = ["type", "veth", "peer", "name", "uplink", "netns", String(site.firstProcess())];
  await answerOf(here, ["ip", "link", "add", LINK, ...peer]);
  await answerOf(here, ["ip", "address", "add", `${OURS}/30`, "dev", LINK]);
  await answerOf(here, ["ip", "link", "set", LINK, "up"]);
  await answerOf(site.engine, ["ip", "address", "add", `${THEIRS}/30`, "dev", "uplink"]);
  await answerOf(site.engine, ["ip", "link", "set", "uplink", "up"]);
}

/** The SSH server of the VPS's image, with the libraries it was made with; what logs in is on the site's own host. */
async function startSshServer(
  { engine }: SiteLab,
  folder: string,
  publicKey: string,
): Promise<void> {
  const library = `usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
  const takeOut = `id=$(docker create "$1"); docker export "$id" | tar -x -C "$2" usr/sbin/sshd ${library}; docker rm "$id"`;
  await answerOf(here, ["sh", "-euc", takeOut, "export", imageOf("vps-debian-12"), folder]);
  const key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/site-key"];
  await answerOf(engine, key);
  const settings = [
    ...["HostKey=/etc/site-key", "AuthorizedKeysFile=/etc/site-users", "UsePAM=no"],
    ...["PermitRootLogin=prohibit-password", "PasswordAuthentication=no", "PidFile=none"],
  ].flatMap((setting) => ["-o", setting]);
  const user = "id sshd 2>/dev/null || echo sshd:x:65533:65534::/run/sshd:/bin/false >>/etc/passwd";
  const put = `${user}; mkdir -p /run/sshd; cat >/etc/site-users; chmod 600 /etc/site-users`;
  await answerOf(engine, ["sh", "-c", put], Buffer.from(publicKey));
  const libraries = `LD_LIBRARY_PATH=${path.join(folder, library)}`;
  const server = path.join(folder, "usr/sbin/sshd");
  await answerOf(engine, ["env", libraries, server, "-f", "/dev/null", ...settings]);
  await until("its SSH server listens", async () => {
    return (await here.run(["bash", "-c", `</dev/tcp/${THEIRS}/22`])).code === 0;
  });
}
