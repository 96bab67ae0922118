import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Address } from "../../modules/core/address.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { routerFiles } from "../../modules/render/router-files.ts";
import { agencyLan, BLOCK, kabupaten, prefixes, TENANT } from "../render/router-fixture.ts";
import { type Flow, flood } from "./flood.ts";
import { describeGateway } from "./router-gateway-cases.ts";
import { buildRouterLab, type RouterLab, until } from "./router-lab.ts";

const two = kabupaten(2);
const three = kabupaten(3);
const [first, second] = two.agencies as [RouterPlan, RouterPlan];
const all = [two.core, two.pop, two.gateway, ...two.agencies];
const files = (routers: readonly RouterPlan[]) => routerFiles(routers, BLOCK);

let lab: RouterLab;

beforeAll(async () => {
  lab = await buildRouterLab();
  const { exitCode, text } = await lab.deliver(files(all));
  if (exitCode !== 0) throw new Error(text);
  for (const router of all) await lab.startRouter(router);
}, 240_000);

afterAll(() => lab?.remove(), 120_000);

describe("routers of a kabupaten", () => {
  it("find each other in both families", async () => {
    await until("both agencies reach the gateway", async () => {
      const answers = await Promise.all(
        two.agencies.flatMap(({ name, source }) => [
          ping(name, source.ipv4.text, two.gateway.loopback.ipv4.text),
          ping(name, source.ipv6.text, two.gateway.loopback.ipv6.text),
        ]),
      );
      return answers.every(Boolean);
    });
    expect(await ping(first.name, first.source.ipv4.text, second.source.ipv4.text)).toBe(true);
    expect(await ping(first.name, first.source.ipv6.text, second.source.ipv6.text)).toBe(true);
  });

  it("tell the core aggregates only", async () => {
    const routes = (await lab.exec(two.core.name, "birdc", "show", "route")).text;
    expect(routes).toContain("10.212.0.0/18");
    expect(routes).not.toContain("10.212.1.0/24");
  });

  it("lead nowhere outside the plan, and say so", async () => {
    for (const router of all)
      for (const family of ["-4", "-6"])
        expect((await lab.exec(router.name, "ip", family, "route", "show", "default")).text).toBe(
          "",
        );
    const free = await lab.exec(first.name, "ping", "-c1", "-W1", "10.212.2.9");
    expect(free.text).toMatch(/From 10\.212\.2\.1 .*Unreachable/);
    const core = await lab.exec(two.core.name, "ping", "-c1", "-W1", "192.168.7.7");
    expect(core.exitCode).not.toBe(0);
  });

  it("refuse what an agency announces of another's, and show it", async () => {
    const hijack = {
      ...second,
      originates: [
        ...second.originates,
        { via: "self" as const, prefix: agencyLan(1) },
        { via: "self" as const, prefix: prefixes("10.212.1.0/25", "fd5c:ad00:7031:8001::/65") },
      ],
    };
    await deliver([two.core, two.pop, two.gateway, first, hijack]);
    await until("the POP has heard the false routes", async () => (await filtered()).length === 4);
    expect(await filtered()).toEqual([
      "10.212.1.0/24",
      "10.212.1.0/25",
      "fd5c:ad00:7031:8001::/64",
      "fd5c:ad00:7031:8001::/65",
    ]);
    const { text } = await lab.exec(two.pop.name, "ip", "route", "get", "10.212.1.1");
    expect(text).toContain("via 10.208.16.10 ");
    await deliver(all);
    await until("the POP has forgotten them", async () => (await filtered()).length === 0);
  });

  it("drop what comes from a segment under an address that nobody there has", async () => {
    await lab.exec(second.name, "ip", "address", "add", "10.212.30.9/32", "dev", "lo");
    expect(await ping(second.name, "10.212.30.9", two.core.loopback.ipv4.text)).toBe(false);
    await lab.exec(second.name, "ip", "address", "delete", "10.212.30.9/32", "dev", "lo");
    expect(await counter(two.pop.name, "source_refused")).toBeGreaterThan(0);
  });

  it("take in one more agency without losing a packet or a session", async () => {
    const sessions = await established();
    const run = async (name: string, ...command: readonly string[]): Promise<string> =>
      (await lab.exec(name, ...command)).text;
    const flow = (name: string, source: Address, target: Address): Flow => ({
      name,
      container: name,
      source: source.text,
      target: target.text,
    });
    const flows = [
      flow(first.name, first.source.ipv4, two.gateway.loopback.ipv4),
      flow(second.name, second.source.ipv6, first.source.ipv6),
    ];
    const losses = await flood(run, flows, 10, async () => {
      await deliver([three.core, three.pop, three.gateway, ...three.agencies]);
      const third = three.agencies[2]!;
      await lab.startRouter(third);
      await until("the new agency reaches the core", () =>
        ping(third.name, third.source.ipv4.text, two.core.loopback.ipv4.text),
      );
    });
    expect(losses).toMatchObject([
      { sent: 500, lost: 0 },
      { sent: 500, lost: 0 },
    ]);
    const still = await established();
    expect(sessions.size).toBeGreaterThan(3);
    // BIRD reckons the time back from now: the same session differs by a millisecond between two looks.
    for (const [name, since] of sessions)
      expect(Math.abs(still.get(name)! - since), name).toBeLessThan(100);
  });

  it("keep what they have when a text is refused", async () => {
    const wrong = files(all).map((file) =>
      file.path === "dinas-1/bird.conf" ? { ...file, text: `${file.text}nonsense;\n` } : file,
    );
    const { exitCode, text } = await lab.deliver(wrong);
    expect(exitCode).toBe(1);
    expect(text).toMatch(/carrier: dinas-1\/bird\.conf: bird: .* syntax error/);
    expect(await ping(first.name, first.source.ipv4.text, second.source.ipv4.text)).toBe(true);
  });

  it("send no packet to the engine's host when a network is plugged in late", async () => {
    const name = lab.named(first.name);
    await lab.docker(["network", "connect", lab.named(TENANT.name), name]);
    await new Promise((resolve) => {
      setTimeout(resolve, 2_500);
    });
    for (const family of ["-4", "-6"])
      expect((await lab.exec(first.name, "ip", family, "route", "show", "default")).text).toBe("");
    await lab.docker(["network", "disconnect", lab.named(TENANT.name), name]);
  });

  it("stop at once, and end when BIRD does", async () => {
    const started = performance.now();
    await lab.docker(["stop", lab.named("dinas-3")]);
    expect(performance.now() - started).toBeLessThan(2_000);
    await lab.exec(second.name, "pkill", "-KILL", "-x", "bird");
    const state = [
      "inspect",
      "--format",
      "{{.State.Status}} {{.State.ExitCode}}",
      lab.named(second.name),
    ];
    await until(
      "its container has ended",
      async () => (await lab.docker(state)).text === "exited 1\n",
    );
    await lab.docker(["start", lab.named(second.name)]);
    await until("it is back", () =>
      ping(second.name, second.source.ipv4.text, first.source.ipv4.text),
    );
  });
});

describeGateway(() => lab, [first, second], two.gateway, [two.core, two.pop, first, second]);

async function deliver(routers: readonly RouterPlan[]): Promise<void> {
  const { exitCode, text } = await lab.deliver(files(routers));
  expect(text).toMatch(/^carrier: /);
  expect(exitCode).toBe(0);
}

async function ping(from: string, source: string, to: string): Promise<boolean> {
  return (await lab.exec(from, "ping", "-c1", "-W1", "-I", source, to)).exitCode === 0;
}

/** Prefixes that the POP heard and refused. */
async function filtered(): Promise<readonly string[]> {
  const { text } = await lab.exec(two.pop.name, "birdc", "show", "route", "filtered");
  return [...text.matchAll(/^([0-9a-f.:]+\/\d+) /gm)].map((match) => match[1]!).toSorted();
}

/** Since when each session of the POP is up, in milliseconds of the day: one that was reset has a new time. */
async function established(): Promise<ReadonlyMap<string, number>> {
  const { text } = await lab.exec(two.pop.name, "birdc", "show", "protocols");
  const lines = text.split("\n").filter((line) => line.includes("Established"));
  return new Map(
    lines.map((line) => {
      const [name, , , , since] = line.split(/ +/);
      return [name!, Date.parse(`1970-01-01T${since}Z`)];
    }),
  );
}

async function counter(router: string, name: string): Promise<number> {
  const { text } = await lab.exec(router, "nft", "list", "counter", "inet", "simpul", name);
  return Number(/packets (\d+)/.exec(text)?.[1]);
}
