import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localEngine } from "../../modules/engine/docker-engine.ts";
import { ServiceMoves } from "../../modules/engine/service-move.ts";
import {
  releaseStandby,
  startStandby,
  stopStandby,
  volumeCopies,
} from "../../modules/engine/standby.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { firstHost } from "../../modules/plan/routing.ts";
import { buildKabupatenLab, KABUPATEN, type KabupatenLab } from "./kabupaten-lab.ts";

/** The small kabupaten with a core router at the DRC, and one warm server. */
const TOPOLOGY = `segments:
  backbone-a: { medium: fiber }
cores:
  core-pusat-data: { site: pusat-data, segments: [backbone-a] }
  core-drc: { site: drc, segments: [backbone-a] }
pops:
  parakan: { kecamatan: "33.23.08", segments: [backbone-a], medium: fiber }
  ngadirejo: { kecamatan: "33.23.09", segments: [backbone-a], medium: radio }
`;
const WARM = `name: ppdb-online
owner: dinas-pendidikan
purpose: Pendaftaran peserta didik baru
classification: terbatas
cpu: 1
memory: 256MiB
disk: 512MiB
image: debian-12
ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBIYz13iOt+dU+yObTc4ZTKnitbOOCimDbPYI9lsK/PI tik@dindikpora"]
publish: [{ name: ppdb, port: 443, audience: internet }]
backup: { every: 24h, paths: [/srv] }
drc: warm
expires: 2027-12-31
`;
const SERVER = "ppdb-online";
const COPIER = "backup-runner-replica-drc";
/** Everything that falls with the Pusat Data. */
const PUSAT_DATA =
  /^simpul-uji-(router-core-pusat-data|gateway-(?!.*-drc$)|vps-(?!.*-drc$)|name-server-(ns1|ns-primary)$|resolver-resolver1$|edge-edge1$|colocation-|backup-(server-cadangan|runner-(?!replica-drc|salinan-drc).*)$)/;

describe("the DRC as a site, on this engine", () => {
  let lab: KabupatenLab;
  let plan: KabupatenPlan;
  const engine = localEngine(process.env);
  const moves = (): ServiceMoves => new ServiceMoves(plan.name, plan.drc!, () => engine);
  const standby = () => plan.drc!.standbys[0]!;

  /** From a LAN, by its own address. */
  const resolved = async (from: string, name: string, type: "A" | "AAAA") => {
    const lan = firstHost(plan.routers.find((each) => each.name === from && each.lan)!.lan!);
    const { asked } = plan.dns;
    const ask = (key: "ipv4" | "ipv6") =>
      lab.inside(
        `router-${from}`,
        ...["kdig", "+short", "+time=1", "+retry=3", "-b", lan[key].text],
        ...[`@${asked[key].text}`, name, type],
      );
    return Promise.all([ask("ipv4"), ask("ipv6")]).then((all) =>
      all.map(({ stdout }) => stdout.trim()),
    );
  };
  /** What greets at the server's own address, over each family. */
  const greeting = async (): Promise<readonly string[]> => {
    const lan = plan.routers.find(({ name, lan: own }) => name === "dinas-pendidikan" && own)!;
    const source = firstHost(lan.lan!);
    const { service } = plan.vps.find(({ name }) => name === SERVER)!;
    const greet = (key: "ipv4" | "ipv6") =>
      lab.inside(
        "router-dinas-pendidikan",
        ...["sh", "-c", 'nc -w 3 -s "$0" "$1" 22 </dev/null | head -n 1'],
        ...[source[key].text, service[key].text],
      );
    return Promise.all([greet("ipv4"), greet("ipv6")]).then((all) =>
      all.map(({ stdout }) => stdout.trim()),
    );
  };
  const where = async () => (await moves().state()).map(({ leadsTo }) => leadsTo.join(" "));
  const copyNow = async () => {
    const { exitCode, stderr } = await lab.inside(
      COPIER,
      "simpul-replica",
      "now",
      plan.drc!.replica!.source.service.ipv4.text,
      SERVER,
    );
    if (exitCode !== 0) throw new Error(stderr);
  };
  const copy = async () => (await volumeCopies(engine, plan.name, plan.drc!.replica!))[0]!;

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    await lab.write("wan/topology.yaml", TOPOLOGY);
    await lab.write(`vps/${SERVER}.yaml`, WARM);
    const said = await lab.simpul("deploy", "--yes");
    if (said.exitCode !== 0) throw new Error(said.stdout + said.stderr);
    plan = await lab.plan();
  }, 400_000);

  afterAll(() => lab.remove(), 120_000);

  it("stands as planned: names at both sites, a standby that is stopped", async () => {
    for (const topic of ["wan", "dns", "drc"]) {
      const said = await lab.simpul("verify", topic);
      expect([said.exitCode, said.exitCode === 0 ? "" : said.stdout]).toEqual([0, ""]);
    }
    const state = await lab.docker(
      "inspect",
      "-f",
      "{{.State.Status}} {{.Image}}",
      `simpul-${KABUPATEN}-vps-${SERVER}-drc`,
    );
    const server = await lab.docker(
      "inspect",
      "-f",
      "{{.Image}}",
      `simpul-${KABUPATEN}-vps-${SERVER}`,
    );
    expect(state.stdout).toBe(`created ${server.stdout}`);
    expect(await lab.simpul("plan", "--expect-no-changes")).toMatchObject({ exitCode: 0 });
  }, 180_000);

  it("copies the server's volume, and keeps the last whole copy when one is cut", async () => {
    await lab.inside(
      `vps-${SERVER}`,
      "sh",
      "-c",
      "echo satu > /srv/data; chown 4242:4242 /srv/data",
    );
    await copyNow();
    const first = await copy();
    expect(first).toMatchObject({ server: SERVER, active: false });
    expect(Date.now() / 1000 - first.began!).toBeLessThan(60);
    const kept = await lab.inside(
      COPIER,
      "sh",
      "-c",
      `cd /standbys/${SERVER}/.simpul/current/srv; cat data; stat -c %u data`,
    );
    expect(kept.stdout).toBe("satu\n4242\n");
    await lab.inside(
      `vps-${SERVER}`,
      "sh",
      "-c",
      "head -c 100M /dev/urandom > /srv/besar; echo dua > /srv/data",
    );
    const cut = lab.inside(
      COPIER,
      "simpul-replica",
      "now",
      plan.drc!.replica!.source.service.ipv4.text,
      SERVER,
    );
    await lab.docker("kill", `simpul-${KABUPATEN}-backup-runner-replica-source`);
    expect((await cut).exitCode).not.toBe(0);
    expect(await copy()).toMatchObject({
      began: first.began,
      failed: { why: expect.any(String) as string },
    });
    await lab.docker("start", `simpul-${KABUPATEN}-backup-runner-replica-source`);
    await lab.inside(`vps-${SERVER}`, "rm", "/srv/besar");
    await expect
      .poll(
        async () =>
          (
            await lab.inside(
              COPIER,
              "simpul-replica",
              "now",
              plan.drc!.replica!.source.service.ipv4.text,
              SERVER,
            )
          ).exitCode,
        { timeout: 20_000 },
      )
      .toBe(0);
    expect((await copy()).began).toBeGreaterThan(first.began!);
    expect((await copy()).failed).toBeUndefined();
  }, 120_000);

  it("gives the sending end's key no other command and no way to write", async () => {
    const { ipv4 } = plan.drc!.replica!.source.service;
    const ssh = (...words: readonly string[]) =>
      lab.inside(
        COPIER,
        "ssh",
        "-p",
        "2222",
        "-i",
        "/run/simpul-secrets/key",
        "-o",
        "UserKnownHostsFile=/run/simpul-secrets/known_hosts",
        "-o",
        "BatchMode=yes",
        `root@${ipv4.text}`,
        ...words,
      );
    for (const words of [
      ["id"],
      ["rsync --server --sender -vlHogDtprAeL.iLsfxCIvu . /volumes/ppdb-online/"],
      ["rsync --server -vlHogDtprAe.iLsfxCIvu . /volumes/ppdb-online/"],
      ["rsync --server --sender -vlHogDtprAe.iLsfxCIvu . /volumes/../run/"],
    ])
      expect(await ssh(...words)).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringContaining("refused") as string,
      });
  }, 60_000);

  it("moves a server to the DRC with its data, over a restart of both gateways, and back", async () => {
    expect(await where()).toEqual(["pusat-data"]);
    await lab.docker("stop", "-t", "5", `simpul-${KABUPATEN}-vps-${SERVER}`);
    expect(await moves().withdraw("pusat-data", SERVER)).toBeUndefined();
    expect(await where()).toEqual([""]);
    expect(await startStandby(engine, plan.name, plan.drc!.replica!, standby())).toBeUndefined();
    expect(await moves().announce("drc", SERVER)).toBeUndefined();
    expect(await where()).toEqual(["drc"]);
    await expect
      .poll(greeting, { timeout: 15_000 })
      .toEqual([expect.stringMatching(/^SSH-2/), expect.stringMatching(/^SSH-2/)]);
    expect((await lab.inside(`vps-${SERVER}-drc`, "cat", "/srv/data")).stdout).toBe("dua\n");
    // Nothing is copied over what is at work, and nothing else is announced after a restart.
    await copyNow();
    expect((await copy()).active).toBe(true);
    for (const gateway of ["dinas-pendidikan", "dinas-pendidikan-drc"])
      await lab.docker("restart", "-t", "3", `simpul-${KABUPATEN}-gateway-${gateway}`);
    await expect.poll(where, { timeout: 30_000 }).toEqual(["drc"]);
    expect(await moves().withdraw("drc", SERVER)).toBeUndefined();
    await stopStandby(engine, plan.name, standby());
    expect(await releaseStandby(engine, plan.name, plan.drc!.replica!, standby())).toBeUndefined();
    await lab.docker("start", `simpul-${KABUPATEN}-vps-${SERVER}`);
    expect(await moves().announce("pusat-data", SERVER)).toBeUndefined();
    expect(await where()).toEqual(["pusat-data"]);
    await expect
      .poll(greeting, { timeout: 15_000 })
      .toEqual([expect.stringMatching(/^SSH-2/), expect.stringMatching(/^SSH-2/)]);
    await copyNow();
    expect((await copy()).active).toBe(false);
  }, 180_000);

  it("resolves all names from every LAN when the Pusat Data is killed outright, and leads to the DRC though it comes back", async () => {
    const list = await lab.docker(
      "ps",
      "--format",
      "{{.Names}}",
      "--filter",
      `label=id.go.simpul.kabupaten=${KABUPATEN}`,
    );
    const fallen = list.stdout.split("\n").filter((name) => PUSAT_DATA.test(name));
    expect(fallen.length).toBeGreaterThan(8);
    await lab.docker("kill", ...fallen);
    const killed = Date.now();
    const lans = plan.routers.filter(({ lan, kind }) => lan !== undefined && kind === "container");
    const names = plan.dns.zones
      .flatMap(({ records }) => records)
      .filter(({ type }) => type === "A" || type === "AAAA");
    const [first] = names;
    await expect
      .poll(() => resolved(lans[0]!.name, first!.name, first!.type as "A"), {
        timeout: 20_000,
        interval: 50,
      })
      .toEqual([first!.data, first!.data]);
    expect(Date.now() - killed).toBeLessThan(20_000);
    for (const { name: from } of lans)
      for (const record of names)
        expect([
          from,
          record.name,
          ...(await resolved(from, record.name, record.type as "A")),
        ]).toEqual([from, record.name, record.data, record.data]);
    expect(await startStandby(engine, plan.name, plan.drc!.replica!, standby())).toBeUndefined();
    expect(await moves().withdraw("pusat-data", SERVER)).toBeUndefined();
    expect(await moves().announce("drc", SERVER)).toBeUndefined();
    await expect
      .poll(greeting, { timeout: 15_000 })
      .toEqual([expect.stringMatching(/^SSH-2/), expect.stringMatching(/^SSH-2/)]);
    await lab.docker("start", ...fallen.filter((name) => !name.endsWith(`vps-${SERVER}`)));
    await expect
      .poll(async () => (await moves().state())[0]!.switches["pusat-data"], { timeout: 60_000 })
      .toBe("withdrawn");
    expect(await where()).toEqual(["drc"]);
    expect(await greeting()).toEqual([
      expect.stringMatching(/^SSH-2/),
      expect.stringMatching(/^SSH-2/),
    ]);
  }, 240_000);
});
