import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Deviation } from "../../modules/engine/deviation.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { buildKabupatenLab, type KabupatenLab } from "./kabupaten-lab.ts";

const run = promisify(execFile);
/** A network of somebody else's, and what else these tests put beside the kabupaten. */
const STRANGE_NETWORK = "scratch-drift-strange";
const GUEST = "scratch-drift-guest";

let lab: KabupatenLab;
let plan: KabupatenPlan;
const name = (thing: string): string => `simpul-uji-${thing}`;

beforeAll(async () => {
  lab = await buildKabupatenLab();
  plan = await lab.plan();
  const deployed = await lab.simpul("deploy", "--yes");
  if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  // What a run that was killed left.
  await lab.docker("rm", "--force", GUEST);
  await lab.docker("network", "rm", STRANGE_NETWORK);
  await docker("network", "create", "--subnet", "10.251.7.0/24", STRANGE_NETWORK);
}, 300_000);

afterAll(async () => {
  await lab.remove();
  await lab.docker("network", "rm", STRANGE_NETWORK);
}, 120_000);

afterEach(async () => {
  await lab.docker("rm", "--force", GUEST, name("vps-lama"));
});

describe("drift", { timeout: 240_000 }, () => {
  it("is none after a deploy, and none after restarts", async () => {
    expect(await drift()).toMatchObject({ exitCode: 0, findings: [] });
    await docker("restart", "--time", "1", name("vps-ppdb-online"), name("router-pop-parakan"));
    await docker("restart", "--time", "1", name("resolver-resolver1"), name("name-server-ns1"));
    expect(await drift()).toMatchObject({ exitCode: 0, findings: [] });
  });

  it("names each thing that somebody changed, and a deploy puts all of it right", async () => {
    for (const change of STATELESS_CHANGES) await docker(...change.by);
    const seen = await drift();
    expect(seen.exitCode).toBe(1);
    const said = seen.findings.map(({ id, what }) => `${id} ${what}`);
    for (const { says } of STATELESS_CHANGES)
      expect(said).toContainEqual(expect.stringMatching(says));
    expect(said).toHaveLength(STATELESS_CHANGES.length);
    await healed("--allow-blast");
  });

  it("of a VPS is put right by live calls: it is neither replaced nor restarted", async () => {
    const before = await lives("ppdb-online", "sik-puskesmas");
    const vps = plan.vps.find((one) => one.name === "ppdb-online")!;
    const moved = vps.address.ipv4.text.replace(/\d+$/, (last) => `${Number(last) + 9}`);
    const [own, other] = [name("vps-ppdb-online"), name("vps-sik-puskesmas")];
    await docker("network", "disconnect", name("gateway-dinas-pendidikan"), own);
    await docker("network", "connect", "--ip", moved, name("gateway-dinas-pendidikan"), own);
    await docker("network", "connect", STRANGE_NETWORK, own);
    await docker("update", "--memory", "300m", "--memory-swap", "300m", own);
    await docker("update", "--pids-limit", "77", "--cpu-quota", "30000", "--restart", "no", own);
    await run("umount", [`/var/lib/simpul/mounts/${own}`]);
    const segment = name("gateway-dinas-kesehatan");
    for (const one of [other, name("gateway-dinas-kesehatan")])
      await docker("network", "disconnect", segment, one);
    await docker("network", "rm", segment);
    await docker("pause", other);

    const { findings, deviations } = await drift();
    const about = (vpsName: string) =>
      findings.filter(({ what }) => what.includes(vpsName)).map(({ what }) => what);
    expect(about("VPS ppdb-online (dinas-pendidikan)")).toEqual([
      expect.stringContaining(`is on segment dinas-pendidikan with ${moved}`),
    ]);
    for (const words of [
      "memory 300 MiB, not 512 MiB",
      "processes 77, not 1024",
      "processors 0.3, not 1",
      "restart policy no, not unless-stopped",
      `is on network ${STRANGE_NETWORK}`,
    ])
      expect(about("VPS ppdb-online (dinas-pendidikan)")[0]).toContain(words);
    expect(about("volume of VPS ppdb-online")).toEqual([expect.stringContaining("is not mounted")]);
    expect(about("VPS sik-puskesmas")).toEqual([
      expect.stringMatching(/is not on segment dinas-kesehatan with .*; is paused/),
    ]);
    const servers = deviations.filter(({ role }) => role === "vps");
    expect(servers.map(({ healing }) => healing)).toEqual(["live", "live", "live"]);
    expect(findings.every(({ at }) => at !== undefined)).toBe(true);

    await healed();
    expect(await lives("ppdb-online", "sik-puskesmas")).toEqual(before);
    // Two loop devices on one image would be two writers on one file system.
    const image = `/var/lib/simpul/volumes/${own}.ext4`;
    const loops = await run("losetup", ["--noheadings", "--associated", image]);
    expect(loops.stdout.trim().split("\n")).toHaveLength(1);
    // What its start set, and a new interface lacks.
    for (const one of plan.vps) {
      const routes = await lab.inside(`vps-${one.name}`, "ip", "route");
      const source = `default via ${one.gateway.ipv4.text} dev (eth\\d+) src ${one.service.ipv4.text} `;
      const [, device = ""] = new RegExp(source).exec(routes.stdout) ?? [];
      expect(device).not.toBe("");
      const routes6 = await lab.inside(`vps-${one.name}`, "ip", "-6", "route");
      expect(routes6.stdout).toContain(`default via ${one.gateway.ipv6.text} dev ${device} src`);
      const accepts = `/proc/sys/net/ipv6/conf/${device}/accept_ra`;
      expect((await lab.inside(`vps-${one.name}`, "cat", accepts)).stdout).toBe("0\n");
    }
  });

  it("starts a VPS that was stopped, and keeps it", async () => {
    const [before] = await lives("ppdb-online");
    await docker("stop", "--time", "1", name("vps-ppdb-online"));
    expect((await drift()).findings).toMatchObject([
      { id: "drifted", what: expect.stringMatching(/VPS ppdb-online .* is stopped \(since 20/) },
    ]);
    await healed();
    const [after] = await lives("ppdb-online");
    expect(after?.split(" ")[0]).toBe(before?.split(" ")[0]);
  });

  it("makes a VPS anew that is gone, with its volume", async () => {
    await lab.inside("vps-sik-puskesmas", "sh", "-c", "echo precious > /data/work && sync");
    await docker("rm", "--force", name("vps-sik-puskesmas"));
    expect((await drift()).findings).toMatchObject([
      { id: "drifted", what: expect.stringMatching(/VPS sik-puskesmas .*is gone/) },
    ]);
    await healed();
    const kept = await lab.inside("vps-sik-puskesmas", "cat", "/data/work");
    expect(kept.stdout).toBe("precious\n");
  });

  it("is told apart from what was merged and not applied, and from what left git", async () => {
    const agency = await readFile(
      path.join(lab.inventory, "uji/perangkat-daerah/dinas-kesehatan.yaml"),
      "utf8",
    );
    const another = agency
      .replace(/^name: .*$/m, "name: Dinas Sosial")
      .replace(/^subdomain: .*$/m, "subdomain: dinsos");
    await lab.write("perangkat-daerah/dinas-sosial.yaml", another);
    await docker("update", "--cpu-shares", "2", name("router-dinas-kesehatan"));
    const merged = await drift();
    expect(classes(merged, "drifted")).toEqual(["router/dinas-kesehatan"]);
    expect(classes(merged, "merged-not-applied")).toContain("router/dinas-sosial");
    expect(merged.exitCode).toBe(1);
    await healed();

    await lab.write("perangkat-daerah/dinas-sosial.yaml", "");
    await run("rm", [path.join(lab.inventory, "uji/perangkat-daerah/dinas-sosial.yaml")]);
    const left = await drift();
    expect(classes(left, "applied-not-in-git")).toEqual(["router/dinas-sosial"]);
    expect(classes(left, "drifted")).toEqual([]);
    await healed();
    expect((await lab.docker("inspect", name("router-dinas-sosial"))).exitCode).not.toBe(0);
  });

  it("is also a firewall of the engine's host that somebody changed", async () => {
    await run("nft", ["add", "chain", "inet", "simpul", "scratch"]);
    try {
      expect(await drift()).toMatchObject({ exitCode: 1, findings: [{ id: "host-open" }] });
    } finally {
      await run("nft", ["delete", "chain", "inet", "simpul", "scratch"]);
    }
    expect((await drift()).findings).toEqual([]);
  });

  it("names strangers, and a deploy leaves them alone", async () => {
    const labels = ["kabupaten=uji", "stack=pusat-data", "role=vps", "name=lama"];
    const options = labels.flatMap((label) => ["--label", `id.go.simpul.${label}`]);
    const idle = ["--entrypoint", "sleep", await imageOf("router-pop-parakan"), "600"];
    await docker(
      "run",
      "--detach",
      "--name",
      name("vps-lama"),
      "--network=none",
      ...options,
      ...idle,
    );
    const segment = name("gateway-dinas-pendidikan");
    await docker("run", "--detach", "--name", GUEST, "--network", segment, ...idle);
    const { findings } = await drift();
    expect(findings.map(({ id, what }) => `${id}: ${what}`)).toEqual([
      expect.stringContaining("foreign: VPS lama carries the labels of uji"),
      expect.stringContaining(`foreign: container ${GUEST} is none of uji's`),
    ]);
    const deployed = await lab.simpul("deploy", "--yes");
    expect(deployed.exitCode).toBe(0);
    expect((await drift()).findings).toHaveLength(2);
  });
});

/** Each with what drift says of it. */
const STATELESS_CHANGES: readonly { readonly by: readonly string[]; readonly says: RegExp }[] = [
  {
    by: ["rm", name("config-backbone")],
    says: /^drifted configuration of backbone is gone \(since 20/,
  },
  {
    by: ["update", "--restart", "no", name("name-server-ns1")],
    says: /^drifted name server ns1 has restart policy no, not unless-stopped/,
  },
  {
    by: ["stop", "--time", "1", name("resolver-resolver1")],
    says: /resolver1 is stopped \(since 20/,
  },
  {
    by: ["rm", "--force", name("router-dinas-kesehatan")],
    says: /agency router dinas-kesehatan \(.+\) is gone/,
  },
  {
    by: ["rename", name("router-pop-ngadirejo"), name("router-lain")],
    says: /pop-ngadirejo .* has name /,
  },
  { by: ["pause", name("router-dinas-kominfo")], says: /dinas-kominfo .* is paused \(since 20/ },
  {
    by: ["network", "disconnect", name("router-access-parakan"), name("router-dinas-pendidikan")],
    says: /agency router dinas-pendidikan .* is not on segment access-parakan with 10\./,
  },
  {
    by: ["network", "connect", STRANGE_NETWORK, name("router-pop-parakan")],
    says: /pop-parakan .* is on network scratch-drift-strange \(.*\), where it must not be/,
  },
  {
    by: ["update", "--memory", "64m", "--memory-swap", "64m", name("router-core-pusat-data")],
    says: /core router core-pusat-data .* has memory 64 MiB, not 128 MiB; has memory with swap 64 MiB/,
  },
  {
    by: ["update", "--pids-limit", "9", name("gateway-dinas-kesehatan")],
    says: /has processes 9, not 512/,
  },
];

interface Drift {
  readonly exitCode: number;
  readonly findings: readonly Diagnostic[];
  readonly deviations: readonly Deviation[];
}

async function drift(): Promise<Drift> {
  const { exitCode, stdout, stderr } = await lab.simpul("drift", "--json");
  if (stdout === "") throw new Error(stderr);
  const said = JSON.parse(stdout) as {
    readonly findings: readonly Diagnostic[];
    readonly drift: readonly Deviation[];
  };
  return { exitCode, findings: said.findings, deviations: said.drift };
}

/** Deploys, and expects nothing to differ afterwards. */
async function healed(...options: readonly string[]): Promise<void> {
  const deployed = await lab.simpul("deploy", "--yes", ...options);
  if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
  expect((await drift()).findings).toEqual([]);
}

function classes({ deviations }: Drift, of: Deviation["class"]): readonly string[] {
  const own = deviations.filter((one) => one.class === of && one.kind === "container");
  return own
    .map(({ role, name: slug }) => `${role}/${slug}`)
    .filter((key) => !key.startsWith("config/"));
}

/** Id and start of each VPS. */
async function lives(...names: readonly string[]): Promise<readonly string[]> {
  const format = ["--format", "{{.Id}} {{.State.StartedAt}}"];
  const text = await docker("inspect", ...format, ...names.map((vps) => name(`vps-${vps}`)));
  return text.trim().split("\n");
}

async function imageOf(thing: string): Promise<string> {
  return (await docker("inspect", "--format", "{{.Image}}", name(thing))).trim();
}

async function docker(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.docker(...args);
  if (exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr}`);
  return stdout;
}
