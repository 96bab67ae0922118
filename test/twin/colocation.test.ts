import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ColocatedServerPlan } from "../../modules/plan/vps-plan.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab } from "./kabupaten-lab.ts";

const OWNER = "perangkat-daerah/dinas-kesehatan.yaml";
const RACK = "colocation/rak-a.yaml";
const STAND_IN = `simpul-${KABUPATEN}-colocation-simrs`;
/** No name of the product: it is somebody's own. */
const MACHINE = "uji-machine-in-a-rack";
const FAMILIES = ["ipv4", "ipv6"] as const;

describe("an agency's server in a rack, on the twin", () => {
  let lab: KabupatenLab;
  let server: ColocatedServerPlan;
  let fixture: string;

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    const owner = await readFile(path.join(lab.inventory, KABUPATEN, OWNER), "utf8");
    await lab.write(OWNER, `${owner}mandiri: true\n`);
    fixture = await readFile(path.join(lab.inventory, KABUPATEN, RACK), "utf8");
    await lab.write(RACK, `${fixture}${simrs("installed")}`);
    server = (await lab.plan()).colocation[0]!;
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  }, 300_000);

  afterAll(async () => {
    await lab.docker("rm", "--force", MACHINE);
    await lab.remove();
  });

  it("is a container of its role that verify finds sound: place, limits, who gets in, names", async () => {
    const label = await lab.docker(
      "inspect",
      "--format",
      '{{index .Config.Labels "id.go.simpul.role"}} {{.State.Running}}',
      STAND_IN,
    );
    expect(label.stdout.trim()).toBe("colocation true");
    const verified = await untilSound(lab);
    expect(verified.measured["vps"]).toMatchObject({
      vps_planned: 3,
      vps_running: 3,
      inside_looked: 3,
    });
  });

  it("answers its owner's LAN by name over both families, and no other agency", async () => {
    expect(server.hostname).toBe("simrs.dinkes.intra.ujikab.go.id");
    for (const family of FAMILIES) {
      expect(await banner(lab, server, "dinas-kesehatan", family)).toMatch(/^SSH-2\.0-/);
      for (const other of ["dinas-pendidikan", "dinas-kominfo", "kecamatan-ngadirejo"])
        expect([other, await banner(lab, server, other, family)]).toEqual([other, ""]);
    }
  });

  it("goes, with its data, only when it is named; its neighbour runs on", async () => {
    const neighbour = `simpul-${KABUPATEN}-vps-sik-puskesmas`;
    const startedAt = () => lab.docker("inspect", "--format", "{{.State.StartedAt}}", neighbour);
    const before = (await startedAt()).stdout;
    expect((await lab.inside("colocation-simrs", "touch", "/srv/kept")).exitCode).toBe(0);
    await lab.write(RACK, `${fixture}${simrs("removed")}`);

    const refused = await lab.simpul("deploy", "--yes");
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("--destroy colocation/simrs");
    expect((await lab.inside("colocation-simrs", "test", "-e", "/srv/kept")).exitCode).toBe(0);

    const goes = ["--destroy", "colocation/simrs", "--destroy", "backup-server/simrs"];
    const named = await lab.simpul("deploy", "--yes", ...goes);
    expect([named.exitCode, named.exitCode === 0 ? "" : named.stdout]).toEqual([0, ""]);
    expect((await lab.docker("inspect", STAND_IN)).exitCode).not.toBe(0);
    expect((await lab.docker("volume", "inspect", STAND_IN)).exitCode).not.toBe(0);
    expect((await startedAt()).stdout).toBe(before);
  }, 180_000);

  it("is the machine itself where the file says so: no container, but the same way to it, which verify walks", async () => {
    await lab.write(RACK, `${fixture}${simrs("installed", true)}`);
    const deployed = await lab.simpul("deploy", "--yes");
    expect([deployed.exitCode, deployed.exitCode === 0 ? "" : deployed.stdout]).toEqual([0, ""]);
    expect((await lab.docker("inspect", STAND_IN)).exitCode).not.toBe(0);
    const missing = await lab.simpul("verify", "vps", "--json");
    expect(missing.exitCode).toBe(1);
    expect(missing.stdout).toContain("port 22 of colocated server simrs of dinas-kesehatan");

    await plugIn(lab, (await lab.plan()).colocation[0]!);
    await untilSound(lab, "vps");
    // Its own agent takes its backups, and nobody has installed it.
    const all = await lab.simpul("verify", "all", "--json");
    const { findings } = JSON.parse(all.stdout) as { findings: { id: string; severity: string }[] };
    const errors = findings.filter(({ severity }) => severity === "error").map(({ id }) => id);
    expect([...new Set(errors)]).toEqual(["backup-repository-missing"]);
  }, 240_000);
});

interface Verified {
  /** By topic. */
  readonly measured: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Somebody's machine, played by a container that nothing of the product made. */
async function plugIn(lab: KabupatenLab, { address, segment }: ColocatedServerPlan): Promise<void> {
  const image = (
    await lab.docker("inspect", "--format", "{{.Image}}", `simpul-${KABUPATEN}-vps-sik-puskesmas`)
  ).stdout.trim();
  const network = `simpul-${KABUPATEN}-gateway-${segment}`;
  const place = ["--network", network, "--ip", address.ipv4.text, "--ip6", address.ipv6.text];
  const rights = ["--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--cap-add", "NET_BIND_SERVICE"];
  const system = [
    "--sysctl",
    "net.ipv6.conf.all.disable_ipv6=0",
    "--sysctl",
    "net.ipv6.conf.default.accept_dad=0",
  ];
  const program = ["--entrypoint", "sleep", image, "600"];
  const run = await lab.docker(
    "run",
    "-d",
    "--name",
    MACHINE,
    ...rights,
    ...system,
    ...place,
    ...program,
  );
  if (run.exitCode !== 0) throw new Error(run.stderr);
  const { stdout } = await lab.simpul("config", "simrs");
  for (const [, command] of stdout.matchAll(/^ {2}up (ip .*)$/gm)) {
    const done = await lab.docker("exec", MACHINE, ...command!.split(" "));
    if (done.exitCode !== 0) throw new Error(`${command}: ${done.stderr}`);
  }
}

async function untilSound(lab: KabupatenLab, topic = "all"): Promise<Verified> {
  const until = Date.now() + 60_000;
  for (;;) {
    const { exitCode, stdout } = await lab.simpul("verify", topic, "--json");
    if (exitCode === 0) return JSON.parse(stdout) as Verified;
    if (Date.now() > until) throw new Error(`not sound after a minute: ${stdout}`);
  }
}

/** What port 22 of the server says to a connection from an agency's LAN address, by name. */
async function banner(
  lab: KabupatenLab,
  { hostname }: ColocatedServerPlan,
  agency: string,
  family: (typeof FAMILIES)[number],
): Promise<string> {
  const { routers } = await lab.plan();
  const { source } = routers.find(({ name, role }) => name === agency && role === "router")!;
  const flags = [family === "ipv4" ? "-4" : "-6", "-w3", "-s", source[family].text];
  const asked = ["timeout", "4", "nc", ...flags, hostname, "22"];
  return (await lab.inside(`router-${agency}`, ...asked)).stdout.split("\n")[0]!.trim();
}

/** An entry below `devices:` of the fixture's rack. */
function simrs(state: string, external = false): string {
  return `  simrs:
    kind: server
    owner: dinas-kesehatan
    units: 12-13
    power: { a: 225, b: 225 }
    ports: [sw-rak-1/12]
    state: ${state}
    server:
      purpose: Sistem informasi manajemen rumah sakit
      classification: rahasia
      external: ${external}
      publish: [{ name: simrs, port: 443, audience: [dinas-pendidikan] }]
      backup: { every: 6h, paths: [/srv] }
`;
}
