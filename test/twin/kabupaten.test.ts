import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { ROOT } from "../../stacks/prepare.ts";
import { type Flow, flood } from "./flood.ts";
import { buildKabupatenLab, type KabupatenLab, KABUPATEN, runInside } from "./kabupaten-lab.ts";

interface Drawn {
  readonly live: boolean;
  readonly diagram: string;
}

const FAMILIES = ["ipv4", "ipv6"] as const;

describe("a small kabupaten, deployed by the CLI on this engine", () => {
  let lab: KabupatenLab;
  let plan: KabupatenPlan;

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    plan = await lab.plan();
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
    await settled(lab);
  }, 300_000);

  afterAll(() => lab.remove(), 120_000);

  const agencies = (): readonly RouterPlan[] =>
    plan.routers.filter(({ tier }) => tier === "perangkat-daerah");

  it("is found sound by verify", async () => {
    const { stdout, exitCode } = await lab.simpul("verify", "all", "--json");
    const errors = findings(stdout).filter(({ severity }) => severity === "error");
    expect([exitCode, errors]).toEqual([0, []]);
  });

  it("lets every agency reach every other from its LAN address, over IPv4 and IPv6", async () => {
    const lost: string[] = [];
    for (const from of agencies())
      for (const to of agencies().filter(({ name }) => name !== from.name))
        for (const family of FAMILIES) {
          const target = [`${from.source[family]}`, `${to.source[family]}`];
          const ping = ["ping", "-c1", "-W2", "-I", target[0]!, target[1]!];
          const { exitCode } = await lab.inside(`router-${from.name}`, ...ping);
          if (exitCode !== 0) lost.push(`${from.name} to ${to.name} by ${family}`);
        }
    expect(lost).toEqual([]);
  });

  it("shows the SSH banner of a VPS to its owner by name, and nothing to another agency", async () => {
    const vps = plan.vps.find(({ name }) => name === "ppdb-online")!;
    for (const family of FAMILIES) {
      expect(await banner(lab, vps.owner, vps.hostname, family)).toMatch(/^SSH-2\.0-/);
      expect(await banner(lab, "dinas-kesehatan", vps.hostname, family)).toBe("");
    }
  });

  it("keeps the engine's host out of a VPS's reach: IPv4 gateway, IPv6 gateway, link-local", async () => {
    const network = await lab.docker(
      "network",
      "inspect",
      `simpul-${KABUPATEN}-gateway-dinas-pendidikan`,
    );
    const [{ IPAM }] = JSON.parse(network.stdout) as [
      { IPAM: { Config: readonly { Gateway: string }[] } },
    ];
    const gateways = IPAM.Config.map(({ Gateway }) => Gateway);
    expect(gateways).toHaveLength(2);
    for (const address of [...gateways, "fe80::1%eth0"]) {
      const { exitCode } = await lab.inside("vps-ppdb-online", "ping", "-c1", "-W1", address);
      expect([address, exitCode]).toEqual([address, 1]);
    }
    const own = plan.vps.find(({ name }) => name === "ppdb-online")!.gateway;
    for (const family of FAMILIES) {
      const { exitCode } = await lab.inside(
        "vps-ppdb-online",
        "ping",
        "-c1",
        "-W1",
        own[family].text,
      );
      expect([own[family].text, exitCode]).toEqual([own[family].text, 0]);
    }
  });

  it("plans nothing after itself, by simpul and by plain cdktf on the same states", async () => {
    expect(await lab.simpul("plan", "--expect-no-changes")).toMatchObject({ exitCode: 0 });
    const diff = await lab.cdktf("diff", `${KABUPATEN}-pusat-data`);
    expect(diff.stdout).toContain("No changes");
    const stack = `${KABUPATEN}-kecamatan-ngadirejo`;
    const deploy = await lab.cdktf("deploy", stack, "--auto-approve");
    expect([deploy.exitCode, deploy.stdout]).toEqual([
      0,
      expect.stringContaining("Resources: 0 added, 0 changed, 0 destroyed"),
    ]);
  });

  it("takes one more agency with a VPS without touching what runs: no restart, no packet lost, no query without its answer", async () => {
    const before = await running(lab);
    const asking = queries(lab, plan);
    const losses = await flood(runInside(lab), [acrossCore(plan)], 30, async () => {
      await lab.write("perangkat-daerah/dinas-perpustakaan.yaml", AGENCY);
      await lab.write("vps/katalog.yaml", await vpsLike("vps/sik-puskesmas.yaml"));
      const deployed = await lab.simpul("deploy", "--yes");
      expect([deployed.exitCode, deployed.exitCode === 0 ? "" : deployed.stdout]).toEqual([0, ""]);
    });
    expect(losses).toMatchObject([{ sent: 1_500, lost: 0 }]);
    expect(await asking).toMatch(/^sent=6000 answered=6000 again=[0-2] /);
    const after = await running(lab);
    const services = [...before].filter(
      ([name]) => !name.startsWith(`simpul-${KABUPATEN}-config-`),
    );
    expect(services.length).toBeGreaterThan(10);
    for (const [name, started] of services)
      expect([name, after.get(name)]).toEqual([name, started]);
    await settled(lab);
    plan = await lab.plan();
    const vps = plan.vps.find(({ name }) => name === "katalog")!;
    expect(await banner(lab, "dinas-perpustakaan", vps.hostname, "ipv6")).toMatch(/^SSH-2\.0-/);
  }, 180_000);

  it("pins what it built: the lock has a line for every allocation", async () => {
    const lock = await readFile(path.join(lab.inventory, KABUPATEN, "ip-plan.lock.yaml"), "utf8");
    for (const { key } of plan.allocations) expect(lock).toContain(`\n${key}: `);
  });

  it("draws what runs: every router up, then the one that was stopped, in words", async () => {
    const draw = async (...words: readonly string[]): Promise<Drawn> => {
      const { stdout } = await lab.simpul("diagram", ...words, "--format", "dot", "--json");
      return JSON.parse(stdout) as Drawn;
    };
    const whole = await draw("wan");
    expect(whole.live).toBe(true);
    expect(whole.diagram).toContain("●");
    expect(whole.diagram).not.toMatch(/stopped<|absent from|no session up|BIRD does not/);
    expect((await draw("wan", "--no-live")).diagram).not.toContain("●");

    const router = `simpul-${KABUPATEN}-router-dinas-kesehatan`;
    await lab.docker("stop", "--time", "1", router);
    try {
      for (const picture of [["wan"], ["lan", "dinas-kesehatan"]]) {
        const { diagram } = await draw(...picture, "--live");
        const node = diagram
          .split("\n")
          .find((line) => line.includes('"router dinas-kesehatan" ['));
        expect(node).toMatch(/✕.*>stopped</);
      }
    } finally {
      await lab.docker("start", router);
      await settled(lab);
    }
  });

  it("says what is missing when a router dies, and brings it back", async () => {
    await lab.docker("kill", `simpul-${KABUPATEN}-router-dinas-kesehatan`);
    const seen = await lab.simpul("verify", "wan", "--json");
    expect(seen.exitCode).toBe(1);
    expect(JSON.stringify(findings(seen.stdout))).toContain("dinas-kesehatan");
    expect(await lab.simpul("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    await settled(lab);
  });

  it("refuses a VPS whose file is gone, before anything is touched", async () => {
    await lab.write("vps/katalog.yaml", "");
    const { exitCode } = await lab.simpul("deploy", "--yes");
    expect(exitCode).toBe(1);
    const { stdout } = await lab.docker(
      "inspect",
      "-f",
      "{{.State.Running}}",
      `simpul-${KABUPATEN}-vps-katalog`,
    );
    expect(stdout.trim()).toBe("true");
    await lab.write("vps/katalog.yaml", await vpsLike("vps/sik-puskesmas.yaml"));
  });

  it("lets a VPS go only by name, and its data with it", async () => {
    const active = await readFile(path.join(lab.inventory, KABUPATEN, "vps/katalog.yaml"), "utf8");
    await lab.inside("vps-katalog", "sh", "-c", "echo rahasia > /srv/data");
    await lab.write("vps/katalog.yaml", `${active}state: archived\nwithout_backup: uji\n`);
    const unnamed = await lab.simpul("deploy", "--yes");
    expect([unnamed.exitCode, unnamed.stdout]).toEqual([
      1,
      expect.stringContaining("unnamed-destroy"),
    ]);
    expect((await lab.inside("vps-katalog", "cat", "/srv/data")).stdout).toBe("rahasia\n");

    const goes = ["--destroy", "vps/katalog", "--destroy", "backup-server/katalog"];
    const named = await lab.simpul("deploy", "--yes", ...goes);
    expect([named.exitCode, named.exitCode === 0 ? "" : named.stdout]).toEqual([0, ""]);
    await lab.write("vps/katalog.yaml", active);
    expect(await lab.simpul("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    expect((await lab.inside("vps-katalog", "ls", "/srv/")).stdout).toBe("");
  }, 180_000);

  it("leaves nothing behind when it is destroyed", async () => {
    expect(await lab.simpul("destroy", "--yes")).toMatchObject({ exitCode: 0 });
    const filter = ["--filter", `label=id.go.simpul.kabupaten=${KABUPATEN}`, "-q"];
    for (const kind of [
      ["ps", "-a"],
      ["network", "ls"],
      ["volume", "ls"],
    ])
      expect([kind, (await lab.docker(...kind, ...filter)).stdout]).toEqual([kind, ""]);
  });
});

const AGENCY = `name: Dinas Perpustakaan dan Arsip
kind: dinas
contacts:
  tier1:
    - { name: Pengelola TIK, email: tik@dinpusip.ujikab.go.id }
subdomain: dinpusip
router: { at: parakan, kind: container }
lan: { size: /25, devices: 30 }
bandwidth: 20Mbps
`;

/** The VPS of the new agency: another's file with its own name, owner and publication. */
async function vpsLike(file: string): Promise<string> {
  const text = await readFile(path.join(ROOT, "test/fixtures/inventory/uji", file), "utf8");
  return text
    .replace("sik-puskesmas", "katalog")
    .replace("owner: dinas-kesehatan", "owner: dinas-perpustakaan")
    .replace("name: sik,", "name: katalog,");
}

function findings(stdout: string): readonly { readonly severity: string }[] {
  return (JSON.parse(stdout) as { findings: readonly { severity: string }[] }).findings;
}

/** Waits until verify has nothing to say: BGP and zones need seconds after an apply. */
async function settled(lab: KabupatenLab): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    const { exitCode, stdout } = await lab.simpul("verify", "all", "--json");
    if (exitCode === 0) return;
    if (Date.now() > until) throw new Error(`not settled after a minute: ${stdout}`);
  }
}

/** First line that the SSH server says to an agency's router, asked from its LAN address; empty on a time-out. */
async function banner(
  lab: KabupatenLab,
  agency: string,
  hostname: string,
  family: "ipv4" | "ipv6",
): Promise<string> {
  const plan = await lab.plan();
  const source = plan.routers.find(
    ({ name, role }) => name === agency && role === "router",
  )!.source;
  const flags = [family === "ipv4" ? "-4" : "-6", "-w3", "-s", source[family].text];
  const { stdout } = await lab.inside(
    `router-${agency}`,
    "timeout",
    "4",
    "nc",
    ...flags,
    hostname,
    "22",
  );
  return stdout.split("\n")[0]!.trim();
}

/** Start time of every container of the kabupaten, by name. */
async function running(lab: KabupatenLab): Promise<ReadonlyMap<string, string>> {
  const filter = `label=id.go.simpul.kabupaten=${KABUPATEN}`;
  const ids = (await lab.docker("ps", "-q", "--no-trunc", "--filter", filter)).stdout;
  const format = "{{.Name}} {{.Id}} {{.State.StartedAt}}";
  const { stdout } = await lab.docker("inspect", "-f", format, ...ids.trim().split("\n"));
  return new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => [line.slice(1, line.indexOf(" ")), line.slice(line.indexOf(" "))]),
  );
}

/** 30 s of a ping every 20 ms between agencies behind different POPs. */
function acrossCore(plan: KabupatenPlan): Flow {
  const source = (agency: string): string =>
    plan.routers.find(({ name, role }) => name === agency && role === "router")!.source.ipv4.text;
  return {
    name: "across the core",
    container: "router-dinas-pendidikan",
    source: source("dinas-pendidikan"),
    target: source("dinas-kesehatan"),
  };
}

/** 30 s of 200 questions a second from an agency to the resolver, each asked again after 1 s as libc's stub would. */
async function queries(lab: KabupatenLab, plan: KabupatenPlan): Promise<string> {
  const script = await readFile(path.join(ROOT, "test/twin/dns-load.pl"), "utf8");
  const resolver = plan.dns.resolvers[0]!.service.ipv4.text;
  const load = [resolver, "200", "30", plan.vps[0]!.hostname, "1", "1"];
  const { stdout } = await lab.inside("router-dinas-kesehatan", "perl", "-e", script, ...load);
  return stdout;
}
