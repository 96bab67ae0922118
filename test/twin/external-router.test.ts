import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Address } from "../../modules/core/address.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { removeFrrDevice, startFrrDevice, type FrrDevice } from "./frr-device.ts";
import { buildKabupatenLab, type KabupatenLab } from "./kabupaten-lab.ts";
import { until } from "./router-lab.ts";
import { removeStation, startStation, type Station } from "./station.ts";

const DEVICE = "dinas-perpustakaan";
const FAMILIES = ["ipv4", "ipv6"] as const;

interface Verified {
  readonly findings: readonly {
    readonly id: string;
    readonly what: string;
    readonly fix: string;
  }[];
  readonly measured: { readonly wan: Readonly<Record<string, number>> };
}

describe("an agency's own router with FRR, and the management network", () => {
  let lab: KabupatenLab;
  let plan: KabupatenPlan;
  let device: FrrDevice;
  let station: Station;

  const routerOf = (name: string, role = "router"): RouterPlan =>
    plan.routers.find((one) => one.name === name && one.role === role)!;
  const verify = async (): Promise<Verified> => {
    const { stdout } = await lab.simpul("verify", "wan", "--json");
    return JSON.parse(stdout) as Verified;
  };
  const found = async (): Promise<readonly string[]> =>
    (await verify()).findings.map(({ id }) => id);

  beforeAll(async () => {
    await removeFrrDevice();
    await removeStation();
    lab = await buildKabupatenLab();
    await lab.write(`perangkat-daerah/${DEVICE}.yaml`, AGENCY);
    plan = await lab.plan();
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
    const lan = routerOf(DEVICE).lan!;
    device = await startFrrDevice(lab, routerOf(DEVICE), {
      ipv4: Address.inside(lan.ipv4, 77n),
      ipv6: Address.inside(lan.ipv6, 0x77n),
    });
    station = await startStation(lab, plan);
  }, 300_000);

  afterAll(async () => {
    await removeStation();
    await removeFrrDevice();
    await device?.remove();
    await lab?.remove();
  });

  it("has the management address that the inventory says", () => {
    expect(routerOf(DEVICE).management.ipv4.text).toBe("10.113.16.9");
    expect(routerOf(DEVICE).device?.planned).toBe(true);
  });

  it("comes up with what simpul config wrote, and is counted as whole", async () => {
    await until("verify finds nothing", async () => (await found()).length === 0, 60_000);
    const { measured } = await verify();
    expect(measured.wan).toMatchObject({
      external_planned: 1,
      external_sessions_up: 1,
      external_whole: 1,
      management_open_to_others: 0,
    });
    const { stdout } = await lab.inside("router-pop-parakan", "birdc", "show", "bfd", "sessions");
    for (const family of FAMILIES) {
      const { text } = routerOf(DEVICE).interfaces[0]!.address[family];
      expect(stdout).toMatch(new RegExp(`^${text.replaceAll(".", "\\.")} .* Up `, "m"));
    }
  });

  it("carries its LAN: a machine on it and another agency reach each other", async () => {
    for (const family of FAMILIES) {
      const other = routerOf("dinas-kesehatan").source[family].text;
      const there = await device.client("ping", "-c2", "-W2", other);
      expect([family, there.exitCode, there.stdout]).toEqual([family, 0, there.stdout]);
      const ping = ["ping", "-c2", "-W2", "-I", other, device.clientAddress[family].text];
      expect((await lab.inside("router-dinas-kesehatan", ...ping)).exitCode).toBe(0);
    }
  });

  it("lets nobody on its LAN send from an address that is not the LAN's (BCP 38)", async () => {
    await device.client("ip", "address", "add", "10.116.99.99/32", "dev", "lo");
    const target = routerOf("dinas-kesehatan").source.ipv4.text;
    const sent = await device.client("ping", "-c2", "-W1", "-I", "10.116.99.99", target);
    expect(sent.exitCode).not.toBe(0);
    const { stdout } = await device.router(
      "nft",
      "list",
      "counter",
      "inet",
      "simpul",
      "source_refused",
    );
    expect(stdout).toMatch(/packets 2 /);
  });

  it("is not believed what it should not announce", async () => {
    const stolen = routerOf("dinas-kesehatan").lan!.ipv4.text;
    const asn = routerOf(DEVICE).asn;
    const configure = (...commands: readonly string[]) =>
      device.router("vtysh", ...["configure terminal", ...commands].flatMap((one) => ["-c", one]));
    await configure(
      `ip route ${stolen} blackhole 250`,
      `ip prefix-list to-uplink4 seq 900 permit ${stolen}`,
      `router bgp ${asn}`,
      "address-family ipv4 unicast",
      `network ${stolen}`,
    );
    await until(
      "the POP has refused it",
      async () => (await found()).includes("announcement-refused"),
      30_000,
    );
    const { findings } = await verify();
    const refused = findings.filter(({ id }) => id === "announcement-refused");
    expect(refused.map(({ what }) => what)).toEqual([
      expect.stringContaining(`${stolen} (belongs to dinas-kesehatan)`),
    ]);
    // The thief alone has lost the way there: its own route leads nowhere.
    for (const { id, what } of findings.filter((one) => !refused.includes(one)))
      expect([id, what]).toEqual(["unreachable", expect.stringContaining(DEVICE)]);
    const source = routerOf("dinas-pendidikan").source.ipv4.text;
    const target = routerOf("dinas-kesehatan").source.ipv4.text;
    const ping = await lab.inside(
      "router-dinas-pendidikan",
      "ping",
      "-c2",
      "-W2",
      "-I",
      source,
      target,
    );
    expect(ping.exitCode).toBe(0);
    await configure(
      `router bgp ${asn}`,
      "address-family ipv4 unicast",
      `no network ${stolen}`,
      "exit",
      "exit",
      `no ip prefix-list to-uplink4 seq 900 permit ${stolen}`,
      `no ip route ${stolen} blackhole 250`,
    );
    await until("verify finds nothing", async () => (await found()).length === 0, 30_000);
  });

  it("is named with whom to call when it is switched off", async () => {
    await device.stop();
    await until(
      "its sessions are gone",
      async () => (await found()).includes("session-down"),
      30_000,
    );
    const { findings, measured } = await verify();
    expect(findings.map(({ id }) => id)).toEqual(["session-down"]);
    expect(findings[0]!.fix).toContain(
      "call Pengelola TIK of Dinas Perpustakaan dan Arsip (tik@dinpusip.ujikab.go.id, +62 293 491004)",
    );
    expect(measured.wan).toMatchObject({ external_planned: 1, external_sessions_up: 0 });
    await device.start();
    await until("verify finds nothing", async () => (await found()).length === 0, 60_000);
  }, 150_000);

  it("is reached by a station on the management network, as every router is", async () => {
    const lost: string[] = [];
    for (const router of plan.routers)
      for (const family of FAMILIES) {
        const { text } = router.management[family];
        const { exitCode } = await station.run("ping", "-c1", "-W2", text);
        if (exitCode !== 0) lost.push(`${router.name} ${router.role} ${text}`);
      }
    expect(lost).toEqual([]);
  });

  it("is not managed from a LAN, a tenant's server or its own LAN, and what was refused is counted", async () => {
    const before = await refusedPackets(lab);
    const goals = ["core-pusat-data", "pop-parakan", "dinas-kesehatan", DEVICE].map((name) =>
      routerOf(name),
    );
    const answered: string[] = [];
    for (const { management, name } of goals)
      for (const family of FAMILIES) {
        const target = management[family].text;
        const ping = ["ping", "-c1", "-W1"];
        const from = routerOf("dinas-pendidikan").source[family].text;
        const tries = {
          lan: await lab.inside("router-dinas-pendidikan", ...ping, "-I", from, target),
          vps: await lab.inside("vps-ppdb-online", ...ping, target),
          device: await device.client(...ping, target),
        };
        for (const [who, { exitCode }] of Object.entries(tries))
          if (exitCode === 0) answered.push(`${who} to ${name} by ${family}`);
      }
    expect(answered).toEqual([]);
    // From the LAN three of four are refused on the way or at the POP, in both families; likewise from the VPS and the device.
    expect((await refusedPackets(lab)) - before).toBeGreaterThanOrEqual(12);
    const { stdout } = await device.router(
      "nft",
      "list",
      "counter",
      "inet",
      "simpul",
      "management_refused",
    );
    expect(Number(/packets (\d+)/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(8);
  });

  it("opens connections to a router for stations only", async () => {
    const { management } = routerOf("dinas-kesehatan");
    const serve = `timeout 20 nc -lk ${management.ipv4.text} 22`;
    const serving = lab.inside("router-dinas-kesehatan", "sh", "-c", serve);
    await until(
      "it listens",
      async () => (await station.run("nc", "-z", "-w1", management.ipv4.text, "22")).exitCode === 0,
      10_000,
    );
    const from = routerOf("dinas-pendidikan").source.ipv4.text;
    const other = ["nc", "-z", "-w1", "-s", from, management.ipv4.text, "22"];
    expect((await lab.inside("router-dinas-pendidikan", ...other)).exitCode).not.toBe(0);
    await serving;
  });

  it("keeps stations out of everybody's reach, and them from what they do not manage", async () => {
    for (const family of FAMILIES) {
      const target = station.address[family].text;
      const from = routerOf("dinas-pendidikan").source[family].text;
      const ping = ["ping", "-c1", "-W1"];
      const { exitCode } = await lab.inside("router-dinas-pendidikan", ...ping, "-I", from, target);
      expect(exitCode).not.toBe(0);
      expect((await device.client(...ping, target)).exitCode).not.toBe(0);
      const lan = routerOf("dinas-kesehatan").source[family].text;
      expect((await station.run(...ping, lan)).exitCode).not.toBe(0);
    }
  });
});

/** Packets for management addresses that routers of the kabupaten refused so far. */
async function refusedPackets(lab: KabupatenLab): Promise<number> {
  const plan = await lab.plan();
  const counts = await Promise.all(
    plan.routers
      .filter(({ kind }) => kind === "container")
      .map(async ({ role, name }) => {
        const list = ["nft", "list", "counter", "inet", "simpul", "management_refused"];
        const { stdout } = await lab.inside(`${role}-${name}`, ...list);
        return Number(/packets (\d+)/.exec(stdout)![1]);
      }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const AGENCY = `name: Dinas Perpustakaan dan Arsip
kind: dinas
contacts:
  tier1:
    - { name: Pengelola TIK, email: tik@dinpusip.ujikab.go.id, phone: "+62 293 491004" }
subdomain: dinpusip
router: { at: parakan, kind: external, address: 10.113.16.9, platform: frr }
lan: { size: /24, devices: 30 }
bandwidth: 20Mbps
`;
