import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";

import type { Loss } from "./flood.ts";
import { hijack } from "./hijack.ts";
import { KABUPATEN } from "./kabupaten-lab.ts";
import { buildWideLab, docker, engineNameOf, ip, wait, type WideLab } from "./wide-lab.ts";

/** One second of pings, 20 ms apart: what BFD (200 ms x 3) and a busy machine need to notice and turn away. */
const MOST_LOST = 50;
const CORES = ["core-pusat-data", "core-pusat-data-2", "core-drc"];

describe("a kabupaten with two backbone segments and three cores", () => {
  let wide: WideLab;

  beforeAll(async () => {
    wide = await buildWideLab();
  }, 300_000);

  afterAll(() => wide?.remove(), 120_000);

  it("is found sound by verify", async () => {
    const { exitCode, stdout } = await wide.lab.simpul("verify", "wan", "--json");
    expect([exitCode, exitCode === 0 ? "" : stdout]).toEqual([0, ""]);
  });

  it("spreads what goes from POP to POP over both segments and all cores, in both families", async () => {
    for (const [key, family] of [
      ["ipv4", "-4"],
      ["ipv6", "-6"],
    ] as const) {
      const { text } = wide.router("pop-ngadirejo").aggregates[key][0]!;
      const show = ["ip", family, "route", "show", text];
      const { stdout } = await wide.lab.inside("router-pop-parakan", ...show);
      const hops = Array.from(stdout.matchAll(/nexthop via (\S+) /g), ([, via]) => via!);
      const cores = wide.router("pop-parakan").uplinks.map(({ address }) => address[key].text);
      expect([key, hops.toSorted()]).toEqual([key, cores.toSorted()]);
    }
  });

  it("goes on when a backbone segment dies", async ({ annotate }) => {
    const bridge = wide.bridgeOf("backbone-a");
    const losses = await broken(
      () => ip("link", "set", bridge, "down"),
      () => ip("link", "set", bridge, "up"),
    );
    expect(await gaps(losses, annotate)).toEqual([]);
    expect(hit(losses)).not.toEqual([]);
  });

  it.for(CORES)("goes on when %s is killed", async (core, { annotate }) => {
    const losses = await broken(
      () => docker("kill", "--signal", "KILL", engineNameOf(core)),
      () => docker("start", engineNameOf(core)),
    );
    expect(await gaps(losses, annotate)).toEqual([]);
  });

  it("goes on when a core loses its power, so that not even its kernel says good-bye", async ({
    annotate,
  }) => {
    const ports = await wide.portsOf("core-pusat-data");
    const all = (state: string) => async () => {
      for (const port of ports) await ip("link", "set", port, state);
    };
    const losses = await broken(all("down"), all("up"));
    expect(await gaps(losses, annotate)).toEqual([]);
    expect(hit(losses)).not.toEqual([]);
  });

  it("goes on when a POP is unplugged from one segment", async ({ annotate }) => {
    const [segment, pop] = [engineNameOf("backbone-a"), engineNameOf("pop-parakan")];
    const { interfaces } = wide.router("pop-parakan");
    const { address } = interfaces.find((one) => one.segment === "backbone-a")!;
    const addresses = ["--ip", address.ipv4.text, "--ip6", address.ipv6.text];
    const losses = await broken(
      () => docker("network", "disconnect", segment, pop),
      () => docker("network", "connect", ...addresses, segment, pop),
    );
    expect(await gaps(losses, annotate)).toEqual([]);
    expect(hit(losses)).not.toEqual([]);
  });

  it("says what is down once, and nothing of its consequences", async () => {
    const bridge = wide.bridgeOf("backbone-b");
    await docker("kill", engineNameOf("core-drc"));
    await ip("link", "set", bridge, "down");
    await wait(3);
    const { stdout } = await wide.lab.simpul("verify", "wan", "--json");
    await ip("link", "set", bridge, "up");
    await docker("start", engineNameOf("core-drc"));
    const { findings } = JSON.parse(stdout) as { findings: readonly { readonly id: string }[] };
    expect(findings.map(({ id }) => id).toSorted()).toEqual(["router-not-running", "segment-down"]);
    await wide.whole();
  });

  it("loses no packet when one core after the other is restarted", async () => {
    const losses = await wide.during(30, async () => {
      for (const core of CORES) {
        await wait(1);
        await docker("restart", engineNameOf(core));
        // Its neighbours have called in again, at the latest after BIRD's connect retry time.
        await wait(6);
      }
    });
    expect(hit(losses)).toEqual([]);
  });

  it("loses no packet when terraform replaces a core", async () => {
    const id = ["inspect", "-f", "{{.Id}}", engineNameOf("core-pusat-data-2")];
    const before = await docker(...id);
    const losses = await wide.during(12, async () => {
      const stack = `.simpul/synth/${KABUPATEN}/stacks/${KABUPATEN}-backbone`;
      const name = "name=$(terraform state list | grep 'docker_container.*core-pusat-data-2')";
      const apply = 'terraform apply -auto-approve -input=false -replace="$name"';
      const script = `. .simpul/env && cd ${stack} && ${name} && ${apply}`;
      await promisify(execFile)("bash", ["-c", script]);
    });
    expect(await docker(...id)).not.toBe(before);
    expect(hit(losses)).toEqual([]);
  });

  it.each(["dinas-kominfo", "pop-parakan"])(
    "believes nothing of what %s announces of others",
    async (thief) => {
      const { announced, refused, believed } = await hijack(
        wide.lab,
        wide.plan,
        wide.router(thief),
      );
      expect(refused).toEqual(announced);
      expect(believed).toEqual([]);
    },
  );

  function broken(
    cut: () => Promise<unknown>,
    mend: () => Promise<unknown>,
  ): Promise<readonly Loss[]> {
    return wide.during(11, async () => {
      await wait(1);
      await cut();
      await wait(2);
      await mend();
    });
  }
});

/** Flows that were cut for longer than they may; the longest gap of all is noted in the run's output. */
async function gaps(
  losses: readonly Loss[],
  annotate: TestContext["annotate"],
): Promise<readonly Loss[]> {
  const longest = Math.max(...losses.map(({ longestGap }) => longestGap));
  await annotate(`longest gap ${longest * 20} ms, ${hit(losses).length} of ${losses.length} flows`);
  return losses.filter(({ longestGap }) => longestGap > MOST_LOST);
}

function hit(losses: readonly Loss[]): readonly Loss[] {
  return losses.filter(({ lost }) => lost > 0);
}
