import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { until } from "./containment-lab.ts";
import { flood } from "./flood.ts";
import {
  buildInternetLab,
  change,
  FAR,
  type InternetLab,
  settled,
  withInternet,
} from "./internet-lab.ts";
import { buildKabupatenLab, type KabupatenLab, runInside } from "./kabupaten-lab.ts";

/** Measured, and so in a file that runs alone. */
describe("the bandwidth of agencies on the way to the internet", () => {
  let lab: KabupatenLab;
  let internet: InternetLab;

  beforeAll(async () => {
    lab = await buildKabupatenLab();
    await withInternet(lab);
    const deployed = await lab.simpul("deploy", "--yes");
    if (deployed.exitCode !== 0) throw new Error(deployed.stdout + deployed.stderr);
    internet = await buildInternetLab(lab);
    await settled(lab);
  });

  afterAll(async () => {
    await internet?.remove();
    await lab?.remove();
  });

  it("is what two agencies get at once, both ways, and no more", async () => {
    for (const reverse of [false, true]) {
      const [small, large] = await Promise.all([
        measure(internet, "kecamatan-ngadirejo", 5201, reverse),
        measure(internet, "dinas-kesehatan", 5202, reverse),
      ]);
      expect({ reverse, small, isIts20Mbps: isWithin(small, 20) }).toMatchObject({
        isIts20Mbps: true,
      });
      expect({ reverse, large, isIts50Mbps: isWithin(large, 50) }).toMatchObject({
        isIts50Mbps: true,
      });
    }
  });

  it("changes without a packet lost", async () => {
    const plan = await lab.plan();
    const source = plan.routers.find(({ name }) => name === "dinas-kesehatan")!.source.ipv4.text;
    const flow = {
      name: "to the internet",
      container: "router-dinas-kesehatan",
      source,
      target: FAR.ipv4,
    };
    const losses = await flood(runInside(lab), [flow], 20, async () => {
      await change(lab, "perangkat-daerah/dinas-kesehatan.yaml", "50Mbps", "30Mbps");
      expect(await lab.simpul("deploy", "--yes")).toMatchObject({ exitCode: 0 });
    });
    expect(losses).toMatchObject([{ sent: 1_000, lost: 0 }]);
    await until("the exit holds the new rate", async () => {
      const { stdout } = await lab.inside(
        "router-internet-exit",
        "tc",
        "class",
        "show",
        "dev",
        "eth0",
      );
      return stdout.includes("ceil 30Mbit");
    });
    expect(isWithin(await measure(internet, "dinas-kesehatan", 5203, false), 30)).toBe(true);
  });
});

/** Megabits per second that arrived at the receiving end in 8 seconds, after the first two. */
async function measure(
  internet: InternetLab,
  agency: string,
  port: number,
  reverse: boolean,
): Promise<number> {
  const { stdout } = await internet.onLan(
    agency,
    ...["iperf3", "--json", "--omit", "2", "--time", "8", "--port", `${port}`],
    ...["--client", FAR.ipv4, ...(reverse ? ["--reverse"] : [])],
  );
  const { end } = JSON.parse(stdout) as {
    end?: { sum_received?: { bits_per_second: number } };
  };
  return (end?.sum_received?.bits_per_second ?? 0) / 1e6;
}

function isWithin(measured: number, planned: number): boolean {
  return measured > 0.9 * planned && measured <= 1.1 * planned;
}
