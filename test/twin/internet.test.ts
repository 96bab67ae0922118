import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { growth, parseCounters } from "../../modules/verify/nft-counters.ts";
import {
  buildInternetLab,
  change,
  FAR,
  type InternetLab,
  LINE,
  OUTER,
  settled,
  withInternet,
} from "./internet-lab.ts";
import { buildKabupatenLab, type KabupatenLab } from "./kabupaten-lab.ts";

const FAMILIES = ["ipv4", "ipv6"] as const;
/** Private, and planned for nobody: none of it may be seen on the provider's line. */
const NOBODYS = ["10.1.2.3", "172.16.9.9", "192.168.77.1", "100.64.0.1", "fd00:1234::1"];

describe("a kabupaten with a way to the internet", () => {
  let lab: KabupatenLab;
  let internet: InternetLab;
  let plan: KabupatenPlan;

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    await withInternet(lab);
    plan = await lab.plan();
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
    internet = await buildInternetLab(lab);
    await settled(lab);
  }, 300_000);

  afterAll(async () => {
    await internet?.remove();
    await lab?.remove();
  });

  const lanOf = (agency: string, family: (typeof FAMILIES)[number]): string =>
    plan.routers.find(({ name }) => name === agency)!.source[family].text;
  /** What a web server on the internet says to an agency's computer: the address it sees. */
  const ask = (agency: string, family: (typeof FAMILIES)[number], port = 80) =>
    internet.onLan(agency, ...asking(FAR[family], port));

  it("is found sound by verify, which counts one default route on every router", async () => {
    await ask("dinas-kesehatan", "ipv4");
    const { stdout, exitCode } = await lab.simpul("verify", "all", "--json");
    const { findings, measured } = JSON.parse(stdout) as Verified;
    // The servers of these tests publish, and nothing listens in them.
    const others = findings.filter(({ id }) => id !== "published-server-down");
    expect([exitCode, others]).toEqual([0, []]);
    const routers = plan.routers.length;
    expect(measured.wan).toMatchObject({
      default_routes_planned: 2 * routers,
      default_routes_present: 2 * routers,
      packets_private_stopped: 0,
    });
    expect(measured.wan["packets_translated"]).toBeGreaterThan(0);
  });

  it.each(FAMILIES)(
    "reaches it from an agency's LAN over %s, seen as the outer address",
    async (family) => {
      const pinged = await internet.onLan("dinas-kesehatan", "ping", "-c2", "-W2", FAR[family]);
      expect(pinged.stdout).toContain("2 packets transmitted, 2 received");
      const { stdout } = await ask("dinas-kesehatan", family);
      expect(/^\[(?:::ffff:)?(.+)\]$/m.exec(stdout)?.[1]).toBe(OUTER.own[family]);
    },
  );

  it("refuses ports that the inventory denies at once, and lets others pass", async () => {
    for (const port of [25, 445]) {
      const { stderr } = await ask("dinas-kesehatan", "ipv4", port);
      expect([port, stderr]).toEqual([port, expect.stringContaining("Connection refused")]);
    }
    expect((await ask("dinas-kesehatan", "ipv4", 8080)).exitCode).toBe(0);
    expect((await counters("router-internet-exit")).get("port_denied")).toBeGreaterThan(1);
  });

  it.each(FAMILIES)(
    "lets nobody out over %s who may not: an agency without, a VPS, a router itself",
    async (family) => {
      const before = (await internet.counters()).get("arrived");
      const agency = await ask("dinas-kominfo", family);
      const banner = ["bash", "-c", `timeout 2 bash -c '</dev/tcp/${FAR[family]}/80'`];
      const vps = await lab.inside("vps-ppdb-online", ...banner);
      const loopback = plan.routers.find(({ name }) => name === "pop-parakan")!.loopback[family]
        .text;
      const ping = ["ping", "-c1", "-W1", "-I", loopback, FAR[family]];
      const pop = await lab.inside("router-pop-parakan", ...ping);
      expect([agency, vps, pop].filter(({ exitCode }) => exitCode === 0)).toEqual([]);
      expect((await internet.counters()).get("arrived")).toBe(before);
    },
  );

  it("keeps packets for private addresses in: none on the provider's line, none at the engine's host", async () => {
    const before = { outside: await internet.counters(), host: hostCounters() };
    for (const address of NOBODYS)
      for (const start of ["dinas-kesehatan", "kecamatan-ngadirejo"]) {
        const source = lanOf(start, address.includes(":") ? "ipv6" : "ipv4");
        const ping = ["ping", "-c2", "-i0.2", "-W1", "-I", source, address];
        const { exitCode } = await lab.inside(`router-${start}`, ...ping);
        expect([address, exitCode]).toEqual([address, 1]);
      }
    // And right at the exit, as if the core had let them pass.
    const core = plan.routers.find(({ tier }) => tier === "core")!.loopback;
    for (const address of NOBODYS) {
      const family = address.includes(":") ? "ipv6" : "ipv4";
      const uplink = plan.routers.find(({ exit }) => exit)!.interfaces[0]!.address[family].text;
      const route = ["ip", "route", "replace", `${address}/${family === "ipv4" ? 32 : 128}`];
      await lab.inside("router-core-pusat-data", ...route, "via", uplink);
      const ping = ["ping", "-c2", "-i0.2", "-W1", "-I", core[family].text, address];
      const { exitCode } = await lab.inside("router-core-pusat-data", ...ping);
      await lab.inside("router-core-pusat-data", "ip", "route", "delete", route[3]!);
      expect([address, exitCode]).toEqual([address, 1]);
    }
    expect((await internet.counters()).get("private")).toBe(0);
    expect((await internet.counters()).get("arrived")).toBe(before.outside.get("arrived"));
    const host = hostCounters();
    for (const name of ["private_dropped", "left_dropped", "crossed_dropped"])
      expect([name, host.get(name)]).toEqual([name, before.host.get(name)]);
    expect((await counters("router-internet-exit")).get("destination_refused")).toBeGreaterThan(9);
    expect((await counters("router-internet-exit")).get("leak_stopped")).toBe(0);
  });

  it("answers nothing that begins outside, to its own address or past it", async () => {
    const inner = lanOf("dinas-kesehatan", "ipv4");
    const before = await counters("router-internet-exit");
    const ping = (target: string, ...source: readonly string[]) =>
      internet.outside("ping", "-c1", "-W1", ...source, target);
    const answered = [
      await ping(OUTER.own.ipv4),
      await ping(OUTER.own.ipv6),
      await internet.outside(...asking(OUTER.own.ipv4, 22)),
    ];
    // The provider's side knows our block: neither a stranger nor who claims to be one of us comes past the exit.
    await internet.outside("ip", "route", "add", plan.block.ipv4.text, "via", OUTER.own.ipv4);
    answered.push(await ping(inner, "-I", FAR.ipv4));
    await internet.outside("ip", "address", "add", "10.112.0.77/32", "dev", "lo");
    answered.push(await ping(inner, "-I", "10.112.0.77"));
    await internet.outside("ip", "address", "delete", "10.112.0.77/32", "dev", "lo");
    await internet.outside("ip", "route", "delete", plan.block.ipv4.text);
    expect(answered.filter(({ exitCode }) => exitCode === 0)).toEqual([]);
    const grown = growth(before, await counters("router-internet-exit"));
    expect(grown.get("input_refused")).toBeGreaterThan(2);
    expect(Object.fromEntries(grown)).toMatchObject({ denied: 1, source_refused: 1 });
  });

  it("says that the provider is silent, and that a share is not held", async () => {
    await internet.remove();
    await lab.inside(
      "router-internet-exit",
      "bash",
      "-c",
      "tc class delete dev eth0 classid 1:10 || tc class delete dev eth1 classid 1:10",
    );
    const { stdout } = await lab.simpul("verify", "wan", "--json");
    const ids = (JSON.parse(stdout) as Verified).findings.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["provider-silent", "exit-not-shaping"]));
  });

  it("has no default route anywhere once the inventory has none", async () => {
    await change(lab, "kabupaten.yaml", LINE, "  local: {}\n");
    await change(lab, "perangkat-daerah/dinas-kominfo.yaml", "internet: none\n", "");
    expect(await lab.simpul("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    const { stdout } = await lab.docker(
      "ps",
      "--format",
      "{{.Names}}",
      "--filter",
      "name=simpul-uji-",
    );
    const routers = stdout.split("\n").filter((name) => /-(?:router|gateway)-/.test(name));
    expect(routers.length).toBeGreaterThan(8);
    expect(routers.join()).not.toContain("internet-exit");
    await settled(lab);
    for (const router of routers) {
      const show = ["sh", "-c", "ip -4 route show default; ip -6 route show default"];
      expect([router, (await lab.docker("exec", router, ...show)).stdout]).toEqual([router, ""]);
    }
  });

  async function counters(container: string): Promise<ReadonlyMap<string, number>> {
    return parseCounters((await lab.inside(container, "nft", "list", "counters")).stdout);
  }
});

interface Verified {
  readonly findings: readonly { readonly id: string }[];
  readonly measured: { readonly wan: Readonly<Record<string, number>> };
}

function asking(host: string, port: number): readonly string[] {
  const script =
    'exec 3<>"/dev/tcp/$0/$1" && printf "GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n" >&3 && cat <&3';
  return ["timeout", "4", "bash", "-c", script, host, `${port}`];
}

/** Of the engine's host: what product networks sent past their routers. */
function hostCounters(): ReadonlyMap<string, number> {
  const { stdout } = spawnSync("nft", ["list", "counters", "table", "inet", "simpul"], {
    encoding: "utf8",
  });
  return parseCounters(stdout);
}
