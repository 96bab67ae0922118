import { chmod, mkdir, mkdtemp, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { fillSecrets } from "../../modules/engine/docker-secrets.ts";
import { pipedBundle } from "../../modules/render/config-file.ts";
import { removeForsakenDisks } from "../../modules/engine/forsaken-disks.ts";
import { applyHostLimits } from "../../modules/engine/host-limits.ts";
import {
  ensureHostVolume,
  hostVolume,
  listHostVolumes,
  mountHostVolumes,
  removeHostVolume,
} from "../../modules/engine/host-volume.ts";
import { destroyEverything, listDoomed } from "../../modules/engine/stack-destroy.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { DeployLab } from "./deploy-lab.ts";

const MEBIBYTE = 2 ** 20;
const images = readRoleImages(join(import.meta.dirname, "../.."));
const IMAGE = "router" in images ? images.router.id : "";
const NAME_SERVER = "name-server" in images ? images["name-server"].id : "";

let lab: DeployLab;
let root: string;
beforeEach(async () => {
  lab = await DeployLab.create("host");
  root = await mkdtemp(join(tmpdir(), "scratch-deploy-volumes-"));
});
afterEach(async () => {
  await lab.clean();
  for (const name of await listHostVolumes(lab.engine, root))
    await removeHostVolume(lab.engine, name, root);
  await rm(root, { recursive: true, force: true });
});

describe("size-limited volumes", () => {
  const small = "scratch-deploy-small";
  const neighbour = "scratch-deploy-neighbour";

  /** A container that writes to the volume's data folder, as Docker binds it. */
  const inside = (name: string, script: string) =>
    lab.engine.run([
      ...["docker", "run", "--rm", "--network", "none", "--entrypoint", "sh"],
      ...["--mount", `type=bind,source=${hostVolume(name, root).data},target=/data`],
      ...[IMAGE, "-c", script],
    ]);

  it("stop a writer at their size, and no neighbour", async () => {
    expect(await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root)).toBe("created");
    expect(await ensureHostVolume(lab.engine, neighbour, 32 * MEBIBYTE, root)).toBe("created");
    const full = await inside(small, "dd if=/dev/zero of=/data/fill bs=1M count=64");
    expect(full.code).not.toBe(0);
    expect(full.stderr).toContain("No space left on device");
    expect(
      (await inside(neighbour, "dd if=/dev/zero of=/data/fill bs=1M count=16 && sync")).code,
    ).toBe(0);
  });

  it("grow live, or say that the machine needs a stop for it; and never shrink", async () => {
    await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root);
    const writer = await lab.docker(
      ...["run", "--detach", "--rm", "--network", "none", "--init", "--entrypoint", "sh"],
      ...["--label", `id.go.simpul.kabupaten=${lab.kabupaten}`],
      ...["--mount", `type=bind,source=${hostVolume(small, root).data},target=/data`],
      ...[IMAGE, "-c", "exec 3>/data/open; sleep 300"],
    );
    const fill = ["dd", "if=/dev/zero", "of=/data/fill", "bs=1M", "count=64"];
    const live = await ensureHostVolume(lab.engine, small, 96 * MEBIBYTE, root);
    if (typeof live === "object") {
      expect(live).toMatchObject({ id: "host-volume-in-use" });
      // What runs is not harmed by the refusal.
      await lab.docker("exec", writer.trim(), "sh", "-c", "echo on > /data/still");
      await lab.docker("stop", "--time", "1", writer.trim());
      expect(await ensureHostVolume(lab.engine, small, 96 * MEBIBYTE, root)).toBe("ready");
      expect((await inside(small, `cat /data/still && ${fill.join(" ")}`)).stdout).toBe("on\n");
    } else {
      await lab.docker("exec", writer.trim(), ...fill);
    }
    expect(await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root)).toMatchObject({
      id: "host-volume-shrinks",
    });
    expect((await stat(hostVolume(small, root).image)).size).toBe(96 * MEBIBYTE);
  });

  it("take all their room when they are made, and leave nothing where there is too little", async () => {
    await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root);
    const { blocks } = await stat(hostVolume(small, root).image);
    expect(blocks * 512).toBeGreaterThanOrEqual(32 * MEBIBYTE);
    const large = lab.nameOf({ role: "vps", name: "too-large" });
    expect(await ensureHostVolume(lab.engine, large, 2 ** 50, root)).toMatchObject({
      id: "host-volume-no-room",
    });
    expect(await ensureHostVolume(lab.engine, small, 2 ** 50, root)).toMatchObject({
      id: "host-volume-no-room",
    });
    expect(await listHostVolumes(lab.engine, root)).toEqual([small]);
    expect(await listHostVolumes(lab.engine, root, ".ext4.new")).toEqual([]);
  });

  it("finish growing after a stop between image and file system", async () => {
    await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root);
    await truncate(hostVolume(small, root).image, 64 * MEBIBYTE);
    await ensureHostVolume(lab.engine, small, 64 * MEBIBYTE, root);
    expect((await inside(small, "dd if=/dev/zero of=/data/fill bs=1M count=48")).code).toBe(0);
  });

  it("come back after a reboot, by the host step and by the boot script, with their data", async () => {
    const volume = hostVolume(small, root);
    await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root);
    await writeFile(join(volume.data, "work"), "precious");
    const script = join(import.meta.dirname, "../../scripts/setup/mount-volumes.sh");
    const ways = [
      async () => (await mountHostVolumes(lab.engine, root)).mounted,
      async () => (await lab.engine.run([script, root])).stdout,
    ];
    for (const remount of ways) {
      await lab.engine.run(["umount", volume.mount]);
      // Not mounted, there is nothing to write beside the limit: Docker cannot bind what is not there.
      await expect(stat(volume.data)).rejects.toThrow("ENOENT");
      await remount();
      expect(await stat(join(volume.data, "work"))).toMatchObject({ size: 8 });
    }
  });

  it("go with the server that was destroyed by name, and with no other", async () => {
    const disk = (name: string): string => lab.nameOf({ role: "vps", name });
    for (const name of ["gone", "stays"])
      await ensureHostVolume(lab.engine, disk(name), 32 * MEBIBYTE, root);
    const left = await removeForsakenDisks(lab.engine, lab.kabupaten, ["vps/gone"], root);
    expect([left, await listHostVolumes(lab.engine, root)]).toEqual([[], [disk("stays")]]);
    expect(await removeForsakenDisks(lab.engine, lab.kabupaten, ["vps/gone"], root)).toEqual([]);
  });

  it("keep one that is damaged from being mounted, and say so", async () => {
    await ensureHostVolume(lab.engine, small, 32 * MEBIBYTE, root);
    const volume = hostVolume(small, root);
    await lab.engine.run(["umount", volume.mount]);
    await writeFile(volume.image, "not a file system");
    expect((await mountHostVolumes(lab.engine, root)).findings).toMatchObject([
      { id: "host-volume-damaged" },
    ]);
  });
});

describe("destroying", () => {
  it("takes the disks of its own kabupaten with it, and no other's", async () => {
    const stacks = [await lab.stack({ name: "pusat-data" })];
    const ours = lab.nameOf({ role: "vps", name: "ppdb" });
    // What belongs to a kabupaten whose name begins with ours.
    const others = `simpul-${lab.kabupaten}-baru-vps-ppdb`;
    for (const name of [ours, others])
      await ensureHostVolume(lab.engine, name, 16 * MEBIBYTE, root);
    const label = ["--label", `id.go.simpul.kabupaten=${lab.kabupaten}`];
    const bind = ["--opt", "type=none", "--opt", "o=bind"];
    const device = ["--opt", `device=${hostVolume(ours, root).data}`];
    await lab.docker("volume", "create", ...label, ...bind, ...device, ours);
    await lab.docker(
      ...["run", "--detach", "--network", "none", "--init", "--entrypoint", "sleep"],
      ...[...label, "--volume", `${ours}:/data`, IMAGE, "300"],
    );
    const run = await lab.run();
    const options = { hostVolumeRoot: root };
    const doomed = await listDoomed(run, lab.stateFolder, stacks, options);
    expect(doomed.hostVolumes).toEqual([ours]);
    const proofs = join(lab.stateFolder, "..", "proofs");
    await mkdir(proofs, { recursive: true });
    expect(await destroyEverything(run, doomed, { ...options, proofs })).toEqual([]);
    await expect(stat(proofs)).rejects.toThrow("ENOENT");
    expect(await listHostVolumes(lab.engine, root)).toEqual([others]);
    await expect(stat(hostVolume(ours, root).mount)).rejects.toThrow("ENOENT");
  });
});

describe("limits of processes", () => {
  it("are set on a running container, and the plan after it is empty", async () => {
    const stacks = [
      await lab.stack({ name: "pusat-data", containers: [{ role: "vps", name: "ppdb" }] }),
    ];
    await lab.deploy(stacks);
    const vps = lab.nameOf({ role: "vps", name: "ppdb" });
    const limits = { cpus: 0.5, pids: 20 };
    expect(await applyHostLimits(lab.engine, [vps], limits)).toBe("changed");
    expect(await applyHostLimits(lab.engine, [vps], limits)).toBe("ready");
    const bomb = await lab.engine.run([
      "docker",
      "exec",
      vps,
      "sh",
      "-c",
      "for i in $(seq 30); do sleep 5 & done",
    ]);
    expect(bomb.stderr).toMatch(/[Cc]annot fork|Resource temporarily unavailable/);
    // Nothing here declares limits, so drift names them; terraform leaves them alone.
    const [{ stacks: planned }] = await lab.plan(stacks, true);
    expect(planned.map((one) => one.kind === "planned" && one.plan.hasChanges)).toEqual([false]);
  });

  it("name the container that is not there", async () => {
    expect(
      await applyHostLimits(lab.engine, ["scratch-deploy-none"], { cpus: 1, pids: 10 }),
    ).toMatchObject([{ id: "container-missing" }]);
  });
});

describe("secrets", () => {
  it("reach a volume whole, readable by the role's own group only", async () => {
    const stacks = [
      await lab.stack({ name: "dns", volumes: [{ role: "name-server", name: "keys" }] }),
    ];
    await lab.deploy(stacks);
    const volume = lab.nameOf({ role: "name-server", name: "keys" });
    const folder = join(root, "secrets");
    await mkdir(join(folder, "ksk"), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, "tsig.conf"), "one\n");
    await writeFile(join(folder, "ksk", "go.id.1.pem"), "two\n");
    const fill = () => fillSecrets(lab.engine, volume, folder, NAME_SERVER);
    expect(await fill()).toBe(2);
    await writeFile(join(folder, "tsig.conf"), "new\n");
    await rm(join(folder, "ksk", "go.id.1.pem"));
    expect(await fill()).toBe(1);

    const list = "cd /secrets && find . -type f -printf '%p %m %u:%g\\n' && cat tsig.conf";
    const mount = ["--network", "none", "--volume", `${volume}:/secrets:ro`];
    const seen = await lab.docker(
      ...["run", "--rm", ...mount, "--entrypoint", "sh", NAME_SERVER, "-c", list],
    );
    expect(seen.split("\n")).toEqual(["./tsig.conf 640 root:knot", "new", ""]);
  });

  it("stay as they were when what brings new ones breaks off", async () => {
    const stacks = [
      await lab.stack({ name: "dns", volumes: [{ role: "name-server", name: "keys" }] }),
    ];
    await lab.deploy(stacks);
    const mount = `${lab.nameOf({ role: "name-server", name: "keys" })}:/run/simpul-secrets`;
    const carrier = ["--volume", mount, "--entrypoint", "simpul-carrier", NAME_SERVER, "secrets"];
    const argv = ["docker", "run", "--rm", "--interactive", "--network", "none", ...carrier];
    const whole = pipedBundle([{ path: "tsig.conf", text: "one\n" }]);
    expect((await lab.engine.run(argv, Buffer.from(whole))).code).toBe(0);
    const longer = pipedBundle([
      { path: "ksk/go.id.1.pem", text: "two\n" },
      { path: "tsig.conf", text: "two\nthree\n" },
    ]);
    const cuts = [longer.length - 2, longer.indexOf("three"), longer.indexOf("|"), 3];
    for (const cut of cuts) {
      const { code, stderr } = await lab.engine.run(argv, Buffer.from(longer.slice(0, cut)));
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/cut off before its end|not allowed/);
    }
    const read = ["run", "--rm", "--network", "none", "--volume", mount];
    const kept = await lab.docker(
      ...[
        ...read,
        "--entrypoint",
        "sh",
        NAME_SERVER,
        "-c",
        "cd /run/simpul-secrets && find . -type f && cat tsig.conf",
      ],
    );
    expect(kept.split("\n")).toEqual(["./tsig.conf", "one", ""]);
  });

  it("are refused from a folder others can read, from links, and into a volume that is not there", async () => {
    const folder = join(root, "secrets");
    await mkdir(folder, { mode: 0o700 });
    const fill = () => fillSecrets(lab.engine, "scratch-deploy-none", folder, NAME_SERVER);
    expect(await fill()).toMatchObject({ what: expect.stringContaining("no volume") });
    await symlink("/etc/shadow", join(folder, "link"));
    expect(await fill()).toMatchObject({ what: expect.stringContaining("no plain file") });
    await chmod(folder, 0o755);
    expect(await fill()).toMatchObject({ what: expect.stringContaining("read by others") });
  });
});
