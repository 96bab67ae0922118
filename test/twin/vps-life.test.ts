import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ROOT } from "../../stacks/prepare.ts";
import { imageOf } from "../render/router-carrier.ts";
import { buildKabupatenLab, type KabupatenLab, KABUPATEN } from "./kabupaten-lab.ts";
import { startPackageMirror, type PackageMirror } from "./package-mirror.ts";

const INDEX = path.join(ROOT, ".simpul/images.json");
const NEWER = "simpul/vps-debian-12:test-newer";

interface Listed {
  readonly name: string;
  readonly state: string;
  readonly image: string;
  readonly addresses: readonly string[];
}

describe("the life of agencies' servers", () => {
  let lab: KabupatenLab;
  let mirror: PackageMirror;
  let index: string;

  beforeAll(async () => {
    index = await readFile(INDEX, "utf8");
    mirror = await startPackageMirror(imageOf("vps-debian-12"));
    process.env["SIMPUL_PACKAGE_SOURCE"] = mirror.source;
    lab = await buildKabupatenLab();
    await ask("ppdb-online", { image: "debian-12", packages: "[uji-alat]" });
    await ask("situs", { image: "nginx-php" });
    await ask("aplikasi", { image: "nodejs" });
    await ask("basis-data", { image: "postgresql-15" });
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  }, 300_000);

  afterAll(async () => {
    delete process.env["SIMPUL_PACKAGE_SOURCE"];
    await writeFile(INDEX, index);
    await mirror.stop();
    await lab.remove();
    await lab.docker("image", "rm", NEWER);
  });

  it("a plain one has the packages of its file, and needed no way to a mirror for it", async () => {
    expect(await inside("ppdb-online", "uji-alat")).toBe("alat siap\n");
    const asked = await lab.inside("vps-ppdb-online", "curl", "-m2", mirror.source.split(" ")[2]!);
    expect(asked.exitCode).not.toBe(0);
  });

  it("each kind does its work: PHP, Node and SQL answer inside", async () => {
    await inside("situs", "sh", "-c", "echo '<?php echo 6 * 7, date(\" T\");' > /srv/www/uji.php");
    const page = await eventually("situs", "42", "curl", "-s", "http://localhost/uji.php");
    expect(page).toBe("42 WIB");
    await eventually("aplikasi", "siap", "curl", "-s", "http://localhost/");
    const sql = "create table t (n int); insert into t values (42); select n from t";
    await eventually("basis-data", "42", "su", "postgres", "-c", `psql -Atc '${sql}'`);
  });

  it("keeps the time of its kabupaten", async () => {
    expect(await inside("ppdb-online", "date", "+%Z")).toBe("WIB\n");
  });

  it("a resize of memory and processors restarts nothing", async () => {
    const before = await started("situs");
    await ask("situs", { image: "nginx-php", cpu: "1.5", memory: "640MiB" });
    await deploy();
    expect(await started("situs")).toBe(before);
    const format = "{{.HostConfig.Memory}} {{.HostConfig.CpuQuota}}";
    const limits = await lab.docker("inspect", "--format", format, container("situs"));
    expect(limits.stdout.trim()).toBe(`${640 * 2 ** 20} 150000`);
  });

  it("a reboot ends its programs in order and starts them again, the tenant's own too", async () => {
    const run = "#!/bin/sh\nexec /usr/local/lib/simpul/boot/busybox httpd -f -p 8081 -h /srv/www\n";
    await inside(
      "basis-data",
      "sh",
      "-c",
      `mkdir -p /srv/service/milik /srv/www; echo ada > /srv/www/a; printf '${run.replaceAll("\n", "\\n")}' > /srv/service/milik/run; chmod +x /srv/service/milik/run`,
    );
    const before = await started("basis-data");
    const dry = await lab.simpul("vps", "reboot", "basis-data");
    expect([dry.exitCode, await started("basis-data")]).toEqual([0, before]);
    const { exitCode, stdout } = await lab.simpul("vps", "reboot", "basis-data", "--yes");
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("is up again")]);
    expect(await started("basis-data")).not.toBe(before);
    await eventually("basis-data", "42", "su", "postgres", "-c", "psql -Atc 'select n from t'");
    await eventually("basis-data", "ada", "curl", "-s", "http://localhost:8081/a");
  });

  it("its console tells what its services said: the database was shut down, not killed", async () => {
    const { stdout } = await lab.simpul("vps", "log", "basis-data", "--lines", "500");
    expect(stdout).toContain("database system is shut down");
    expect(stdout).not.toContain("not properly shut down");
    await inside("ppdb-online", "sh", "-c", String.raw`printf '\033[2Jhai\n' > /proc/1/fd/1`);
    const last = await lab.simpul("vps", "log", "ppdb-online", "--lines", "1");
    expect(last.stdout).toMatch(/^\S+ \\u001b\[2Jhai\n$/);
  });

  it("a newer image touches no running VPS, until it is rebuilt by name", async () => {
    const before = await started("ppdb-online");
    await makeNewerImage();
    await deploy();
    expect(await started("ppdb-online")).toBe(before);
    expect(await listed("ppdb-online")).toMatchObject({ state: "running", image: "older" });
    const drift = await lab.simpul("drift");
    expect([drift.exitCode, drift.stdout]).toEqual([
      0,
      expect.stringMatching(/info vps-image-older\n.*VPS ppdb-online/),
    ]);

    await inside(
      "ppdb-online",
      "sh",
      "-c",
      "echo data > /srv/berkas; echo rumah > /home/berkas; echo hilang > /etc/berkas; rm -r /etc/ssl/certs",
    );
    const key = await inside("ppdb-online", "cat", "/data/ssh/ssh_host_ed25519_key.pub");
    const { addresses } = await listed("ppdb-online");
    const others = await Promise.all(["situs", "aplikasi", "basis-data"].map(started));
    const dry = await lab.simpul("vps", "rebuild", "ppdb-online");
    expect([dry.exitCode, dry.stdout]).toEqual([
      0,
      expect.stringContaining("REPLACED (from the present image"),
    ]);
    expect(await started("ppdb-online")).toBe(before);

    // Packages must come back although no mirror answers any more.
    await mirror.stop();
    const rebuilt = await lab.simpul("vps", "rebuild", "ppdb-online", "--yes");
    expect([rebuilt.exitCode, rebuilt.exitCode === 0 ? "" : rebuilt.stdout]).toEqual([0, ""]);
    expect(await listed("ppdb-online")).toMatchObject({
      state: "running",
      image: "current",
      addresses,
    });
    expect(await inside("ppdb-online", "cat", "/srv/berkas", "/home/berkas")).toBe("data\nrumah\n");
    // Trust in the kabupaten's names comes back with the carrier, whatever the tenant did to it.
    expect(await inside("ppdb-online", "readlink", "/etc/ssl/certs/simpul.pem")).toBe(
      "/usr/local/share/ca-certificates/simpul.crt\n",
    );
    expect((await lab.inside("vps-ppdb-online", "cat", "/etc/berkas")).exitCode).toBe(1);
    expect(await inside("ppdb-online", "cat", "/data/ssh/ssh_host_ed25519_key.pub")).toBe(key);
    expect(await inside("ppdb-online", "uji-alat")).toBe("alat siap\n");
    expect(await Promise.all(["situs", "aplikasi", "basis-data"].map(started))).toEqual(others);
  });

  it("says which package cannot be had, while the VPS runs on", async () => {
    const before = await started("aplikasi");
    await ask("aplikasi", { image: "nodejs", packages: "[uji-alat]" });
    const { exitCode, stdout } = await lab.simpul("deploy", "--yes");
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("uji-alat cannot be fetched")]);
    expect(await started("aplikasi")).toBe(before);
  });

  it("is found sound by verify after all of that", async () => {
    const { exitCode, stdout } = await lab.simpul("verify", "vps", "--json");
    expect([exitCode, exitCode === 0 ? "" : stdout]).toEqual([0, ""]);
  });

  const container = (name: string): string => `simpul-${KABUPATEN}-vps-${name}`;

  async function inside(name: string, ...command: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await lab.inside(`vps-${name}`, ...command);
    if (exitCode !== 0) throw new Error(`${name}: ${command.join(" ")}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Services need a moment after the start of their VPS. */
  async function eventually(
    name: string,
    wanted: string,
    ...command: readonly string[]
  ): Promise<string> {
    const until = Date.now() + 30_000;
    for (;;) {
      const { stdout, stderr } = await lab.inside(`vps-${name}`, ...command);
      if (stdout.includes(wanted)) return stdout;
      if (Date.now() > until) throw new Error(`${name} says ${stdout}${stderr}, not ${wanted}`);
    }
  }

  async function deploy(): Promise<void> {
    const { exitCode, stdout } = await lab.simpul("deploy", "--yes");
    expect([exitCode, exitCode === 0 ? "" : stdout]).toEqual([0, ""]);
  }

  async function started(name: string): Promise<string> {
    const format = "{{.Id}} {{.State.StartedAt}}";
    return (await lab.docker("inspect", "--format", format, container(name))).stdout.trim();
  }

  async function listed(name: string): Promise<Listed> {
    const { stdout } = await lab.simpul("vps", "list", "--json");
    const { vps } = JSON.parse(stdout) as { readonly vps: readonly Listed[] };
    return vps.find((one) => one.name === name)!;
  }

  function ask(name: string, sizes: Readonly<Record<string, string>>): Promise<void> {
    const fields = { cpu: "0.5", memory: "512MiB", disk: "512MiB", ...sizes };
    const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
    return lab.write(`vps/${name}.yaml`, `${VPS.replace("NAME", name)}${lines.join("\n")}\n`);
  }

  /** Another image of the same name, as a changed folder would give at the next setup. */
  async function makeNewerImage(): Promise<void> {
    const old = imageOf("vps-debian-12");
    await lab.docker("rm", "--force", "simpul-test-newer");
    await lab.docker("create", "--name", "simpul-test-newer", old);
    const change = ["--change", "LABEL test=newer"];
    const committed = await lab.docker("commit", ...change, "simpul-test-newer", NEWER);
    await lab.docker("rm", "simpul-test-newer");
    await writeFile(INDEX, index.replaceAll(old, committed.stdout.trim()));
  }
});

const VPS = `name: NAME
owner: dinas-pendidikan
purpose: Uji
classification: terbatas
ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIYz13iOt+dU+yObTc4ZTKnitbOOCimDbPYI9lsK/PI tik@dindikpora"]
backup: { every: 24h, paths: [/srv] }
expires: 2027-12-31
`;
