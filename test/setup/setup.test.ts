import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { examineMachine } from "../../modules/engine/doctor.ts";
import { runProgram, type ProgramResult } from "../../modules/engine/run-program.ts";

const MISSING = 3;
const SLOW = 120_000;
const STEPS = ["checks", "packages", "firewall", "kernel"];

/** What each step says that found nothing to do, by their names: some run beside others. */
const READY = [
  /^base +simpul\/base:\S+ is there/,
  /^checks .* GiB free in \S+/,
  /^engine +Docker \S+ answers at .*/,
  /^env +\.simpul\/env: .*/,
  /^firewall +in force: .*/,
  /^images +\d+ role images are there: .*/,
  /^kernel +limits by user are high enough .*/,
  /^npm +node_modules matches package-lock\.json/,
  /^packages .* Debian packages are there/,
  /^provider +kreuzwerker\/docker \S+ in \.simpul\/mirror/,
  /^ready +this machine can run simpul/,
  /^terraform +\S+ \S+ from \S+/,
];

describe("setup on a machine that is ready", () => {
  it("looks at each part, says so in a line, and makes none anew", { timeout: SLOW }, async () => {
    const before = await made();
    const { ok, output } = await runProgram("bash", ["scripts/setup.sh"], SLOW);
    expect([ok, ok ? "" : output]).toEqual([true, ""]);
    const steps = output.split("\n").filter((line) => line !== "" && !line.includes(" ... "));
    expect(steps.toSorted()).toEqual(
      READY.map((words): unknown =>
        expect.stringMatching(new RegExp(`${words.source} +\\d+\\.\\d s$`)),
      ),
    );
    expect(await made()).toEqual(before);
  });

  it("leaves nothing for the doctor to say", async () => {
    const checks = await examineMachine({
      checkout: resolve("."),
      environment: process.env,
      userId: process.getuid?.() ?? -1,
    });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it("writes an environment of plain export lines", () => {
    const lines = readFileSync(".simpul/env", "utf8").trim().split("\n");
    expect(lines.filter((line) => !/^export \w+=\S+$/.test(line))).toEqual([]);
  });
});

/** Each runs in namespaces of its own, on a copy of the checkout: the machine itself stays ready. */
describe("setup on a machine that lacks something", () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "simpul-setup-"));
    for (const part of ["scripts", "images", "tools", "package.json", "package-lock.json"])
      cpSync(part, join(copy, part), { recursive: true });
    symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("stops without root", async () => {
    const { code, errors } = await setupIn(copy, "--user", ":");
    expect(code).toBe(MISSING);
    expect(errors).toMatch(/stopped at step checks: this is not root/);
    expect(errors).toMatch(/to mend: run it as root/);
  });

  it("stops with less than 6 GiB of disk", async () => {
    const { code, errors } = await setupIn(
      copy,
      "--mount",
      `mkdir -p tiny && mount -t tmpfs -o size=16m none tiny && export SIMPUL_ENGINE_DATA=$PWD/tiny`,
    );
    expect(code).toBe(MISSING);
    expect(errors).toMatch(/stopped at step checks: .* has 16 MiB of disk free; .* need 6 GiB/);
    expect(errors).toMatch(/to mend: free some space/);
  });

  it("stops when a package is missing and there is no network", { timeout: SLOW }, async () => {
    const { code, errors } = await setupIn(
      copy,
      "--mount --net",
      `cp -a /var/lib/dpkg dpkg && mount --bind dpkg /var/lib/dpkg
       perl -0pi -e 's/Package: mmdebstrap\\n.*?\\n\\n//s' /var/lib/dpkg/status`,
    );
    expect(code).toBe(MISSING);
    expect(errors).toMatch(/step packages: Debian packages cannot be installed: mmdebstrap/);
    expect(errors).toMatch(/to mend: see that the network/);
  });

  it("stops when the engine does not start, with the engine's last words", async () => {
    const { code, steps, errors } = await setupIn(
      copy,
      "--mount --net",
      `mount -t tmpfs none /run
       mkdir -p full && mount -t tmpfs -o size=7g,ro none full && export SIMPUL_ENGINE_DATA=$PWD/full`,
    );
    expect(code).toBe(MISSING);
    expect(steps).toEqual(STEPS);
    expect(errors).toMatch(/stopped at step engine: the Docker engine does not start/);
    expect(errors).toMatch(/read-only file system/);
  });

  it("refuses an engine on a host whose firewall it cannot load", async () => {
    const { code, errors } = await setupIn(copy, "--net", "export DOCKER_HOST=tcp://127.0.0.1:1");
    expect(code).toBe(MISSING);
    expect(errors).toMatch(/stopped at step firewall: .* the firewall must be on that host/);
  });

  it("starts no engine where the firewall cannot be loaded", async () => {
    const { code, errors } = await setupIn(
      copy,
      "--mount --net",
      `mount -t tmpfs none /run; echo 'no rules' >scripts/setup/host-firewall.nft`,
    );
    expect(code).toBe(MISSING);
    expect(errors).toMatch(/stopped at step firewall: the host firewall cannot be loaded/);
    expect(existsSync(join(copy, ".simpul/run/dockerd.pid"))).toBe(false);
  });
});

describe("doctor on a checkout that was never set up", () => {
  it("names each missing thing with why, fix and step", async () => {
    const empty = mkdtempSync(join(tmpdir(), "simpul-doctor-"));
    const checks = await examineMachine({ checkout: empty, environment: {}, userId: 1000 });
    rmSync(empty, { recursive: true });
    const missing = checks.filter(({ ok }) => !ok);
    expect(missing.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["root", "npm-packages", "firewall", "provider", "images"]),
    );
    for (const { why, fix, setupStep } of missing)
      expect([why, fix, setupStep].every((text) => text.length > 0)).toBe(true);
  });
});

/** What costs minutes to make: when its files were written, and the engine's images. */
async function made(): Promise<readonly string[]> {
  const files = await runProgram("find", [".simpul/mirror", ".simpul/bin", "-printf", "%p %T@\\n"]);
  const images = await runProgram("docker", ["images", "--all", "--no-trunc", "--quiet"]);
  // The engine lists images of one moment in any order.
  const ids = images.output.split("\n").toSorted();
  return [files.output, ...ids, readFileSync(".simpul/images.json", "utf8")];
}

interface SetupResult {
  readonly code: number;
  readonly steps: readonly string[];
  readonly errors: string;
}

/** Runs setup in new namespaces after a preparation in them. */
async function setupIn(folder: string, namespaces: string, prepare: string): Promise<SetupResult> {
  const script = `cd ${folder} && { ${prepare}
    }; bash scripts/setup.sh 2>errors >steps </dev/null; echo $?`;
  const enter = ["env", "-u", "DOCKER_HOST", "unshare", ...namespaces.split(" ")];
  const { output }: ProgramResult = await runProgram(
    enter[0]!,
    [...enter.slice(1), "bash", "-c", script],
    SLOW,
  );
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const steps = read("steps").trim().split("\n");
  return {
    code: Number(output.trim().split("\n").at(-1)),
    steps: [...new Set(steps.map((line) => line.split(" ")[0]!))],
    errors: read("errors"),
  };
}
