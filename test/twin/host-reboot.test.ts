import { readdir } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { answerOf, localEngine } from "../../modules/engine/docker-engine.ts";
import { BOOT_UNITS, installBootFiles } from "../../modules/engine/host-boot.ts";
import { boundRootLayer } from "../../modules/engine/host-root-layer.ts";
import { ensureHostVolume, hostVolume } from "../../modules/engine/host-volume.ts";
import { imageOf } from "../render/router-carrier.ts";
import { until } from "./containment-lab.ts";
import { buildSiteLab, type SiteLab } from "./site-lab.ts";

const VPS = "simpul-uji-vps-rumah";
const SIZE = 64 * 2 ** 20;

/** A whole engine's host: its processes, network, mounts and engine are its own; see site-lab.ts. */
describe("a power cut at an engine's host", () => {
  let site: SiteLab;
  let commands: readonly string[];
  /** What laying the root layer into the volume said, twice. */
  const bounded: unknown[] = [];
  const volume = hostVolume(VPS);
  const docker = (...argv: readonly string[]) => site.engine.run(["docker", ...argv]);
  const runs = async (): Promise<boolean> => (await docker("exec", VPS, "true")).code === 0;
  const underneath = (): Promise<string[]> => readdir(site.outside(volume.mount));
  const loopsOf = async (): Promise<string> =>
    answerOf(localEngine(process.env), ["losetup", "--associated", site.outside(volume.image)]);

  beforeAll(async () => {
    site = await buildSiteLab("reboot");
    await site.boot([]);
    const image = imageOf("vps-debian-12");
    const { code, stderr } = await localEngine(process.env).run([
      ...["bash", "-c", 'docker save "$1" | nsenter --target="$2" --all -- docker load'],
      ...["load", image, String(site.firstProcess())],
    ]);
    if (code !== 0) throw new Error(stderr);
    await ensureHostVolume(site.engine, VPS, SIZE);
    await installBootFiles(site.engine);
    commands = await Promise.all(BOOT_UNITS.map((unit) => commandOf(site, unit)));
    const bind = ["type=none", "o=bind", `device=${volume.data}`].flatMap((opt) => ["--opt", opt]);
    await answerOf(site.engine, ["docker", "volume", "create", ...bind, VPS]);
    const start = ["--detach", "--init", "--restart", "unless-stopped", "--network", "none"];
    const words = ["--volume", `${VPS}:/data`, "--entrypoint", "sleep", image, "infinity"];
    await answerOf(site.engine, ["docker", "run", "--name", VPS, ...start, ...words]);
    bounded.push(await boundRootLayer(site.engine, VPS, VPS));
    bounded.push(await boundRootLayer(site.engine, VPS, VPS));
    const write = "echo data >/data/kept; echo layer >/kept; sync";
    await answerOf(site.engine, ["docker", "exec", VPS, "sh", "-c", write]);
  }, 240_000);
  afterAll(() => site?.remove(), 60_000);

  it("takes its mounts, loop devices and firewall with it, and leaves the mount point empty", async () => {
    expect(bounded).toEqual(["moved", "ready"]);
    expect(await loopsOf()).not.toBe("");
    await site.cutPower();
    await until("the loop device is gone", async () => (await loopsOf()) === "");
    expect(await underneath()).toEqual([]);
  });

  it("(control: an engine that starts alone starts no server, and nothing is written beside its disk)", async () => {
    await site.boot([]);
    expect((await site.engine.run(["nft", "list", "table", "inet", "simpul"])).code).not.toBe(0);
    expect((await docker("start", VPS)).code).not.toBe(0);
    expect(await runs()).toBe(false);
    expect(await underneath()).toEqual([]);
    await site.cutPower();
  });

  it("is survived by the units of the boot: firewall and disks first, then every server with its data", async () => {
    await site.boot([...commands, "nft list table inet simpul", `mountpoint ${volume.mount}`]);
    await until("the server is back by itself", runs);
    const { stdout } = await docker("exec", VPS, "cat", "/data/kept", "/kept");
    expect(stdout).toBe("data\nlayer\n");
    const full = await docker("exec", VPS, "dd", "if=/dev/zero", "of=/fill", "bs=1M", "count=128");
    expect(full.stderr).toContain("No space left");
    expect(await underneath()).toEqual([]);
  });

  it("is prepared by units that systemd takes, ordered before the engine", async () => {
    const verify = ["systemd-analyze", "verify", "--man=no", "docker.service", ...BOOT_UNITS];
    const { code, stderr } = await site.engine.run(verify);
    const ours = stderr.split("\n").filter((line) => line.includes("simpul"));
    expect([code, ours, stderr]).toEqual([0, [], expect.anything()]);
    const wants = "/etc/systemd/system/multi-user.target.wants";
    const enabled = await answerOf(site.engine, ["ls", wants]);
    expect(enabled.split("\n")).toEqual(expect.arrayContaining([...BOOT_UNITS]));
  });
});

/** What the unit runs, as it stands on the host; a leading dash says that a failure stops nothing. */
async function commandOf({ engine }: SiteLab, unit: string): Promise<string> {
  const text = await answerOf(engine, ["cat", `/etc/systemd/system/${unit}`]);
  return /^ExecStart=-?(.*)$/m.exec(text)![1]!;
}
