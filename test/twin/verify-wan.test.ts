import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { localEngine } from "../../modules/engine/docker-engine.ts";
import type { RouterPlan } from "../../modules/plan/router-plan.ts";
import { routerFiles } from "../../modules/render/router-files.ts";
import { compareLinks, observeLinks } from "../../modules/verify/links.ts";
import { pingAll } from "../../modules/verify/ping-sweep.ts";
import { observeRouter } from "../../modules/verify/router-observation.ts";
import { sweepFrom } from "../../modules/verify/router-sweep.ts";
import { compareRouters, type SeenRouter } from "../../modules/verify/routers.ts";
import { compareRoutes } from "../../modules/verify/routes.ts";
import { agencyLan, BLOCK, kabupaten } from "../render/router-fixture.ts";
import { buildRouterLab, type RouterLab, until } from "./router-lab.ts";

const { core, pop, gateway, agencies } = kabupaten(2);
const [first, second] = agencies as [RouterPlan, RouterPlan];
const routers = [core, pop, gateway, first, second];
const plan = { routers };
const placeOf = () => undefined;
const engine = localEngine(process.env);
let lab: RouterLab;

beforeAll(async () => {
  lab = await buildRouterLab();
  await deliver(routers);
  for (const router of routers) await lab.startRouter(router);
}, 120_000);

afterAll(() => lab?.remove(), 120_000);

describe("what verify sees of real routers", () => {
  it("is nothing wrong when they run as planned", async () => {
    await until("no findings", async () => (await found()).length === 0);
  });

  it("is who tries to announce what is not theirs", async () => {
    const thief: RouterPlan = {
      ...second,
      originates: [...second.originates, { via: "self", prefix: agencyLan(1) }],
    };
    await deliver([core, pop, gateway, first, thief]);
    await until("both families are refused", async () => (await found()).length >= 2);
    const whats = (await found()).map(({ id, what }) => `${id}: ${what}`);
    const tries = "Router dinas-2 (dinas-2) tries to announce";
    const refused = "; refused by Router pop-parakan (pop-parakan)";
    expect(whats).toContain(
      `announcement-refused: ${tries} ${agencyLan(1).ipv4.text} (belongs to dinas-1)${refused}`,
    );
    expect(whats).toContain(
      `announcement-refused: ${tries} ${agencyLan(1).ipv6.text} (belongs to dinas-1)${refused}`,
    );
    await deliver(routers);
    await until("all is well again", async () => (await found()).length === 0);
  });

  it("is one finding for a router that stopped", async () => {
    await lab.docker(["stop", "--time", "1", lab.named(first.name)]);
    await until("its sessions are gone", async () => {
      const links = observeLinks(await look());
      return links.filter(({ up }) => !up).length === 2;
    });
    expect((await found()).map(({ id }) => id)).toEqual(["router-not-running"]);
    await lab.docker(["start", lab.named(first.name)]);
    await until("all is well again", async () => (await found()).length === 0);
  });

  it("is which addresses answer, and why others do not", async () => {
    const ask = (target: string) => ({ source: first.source.ipv4.text, target });
    const answers = await pingAll(
      engine,
      lab.named(first.name),
      [ask(second.source.ipv4.text), ask("10.212.2.9"), ask(core.loopback.ipv4.text)],
      2,
    );
    expect(answers.map(({ rtt }) => rtt !== undefined)).toEqual([true, false, true]);
    expect(answers[1]!.said).toBe("Destination Host Unreachable");
  });

  it("is which of many addresses answer, over both families by one execution", async () => {
    const way = (family: "ipv4" | "ipv6", target: RouterPlan) => ({
      source: first.source[family].text,
      target: target.source[family].text,
    });
    const ways = [way("ipv4", second), way("ipv6", second), { target: "10.212.2.9" }];
    const { ways: answered, foreign } = await sweepFrom(engine, lab.named(first.name), {
      ways,
      foreign: ["192.168.254.77", core.loopback.ipv6.text],
    });
    expect(answered.map(({ rtt, sent }) => [rtt !== undefined, sent])).toEqual([
      [true, 1],
      [true, 1],
      [false, 2],
    ]);
    expect(foreign.map(({ rtt }) => rtt !== undefined)).toEqual([false, true]);
  });
});

async function deliver(some: readonly RouterPlan[]): Promise<void> {
  const { exitCode, text } = await lab.deliver(routerFiles(some, BLOCK));
  if (exitCode !== 0) throw new Error(text);
}

/** Looks into every router that runs. */
async function look(): Promise<readonly SeenRouter[]> {
  return Promise.all(
    routers.map(async (router) => {
      const container = lab.named(router.name);
      const { text } = await lab.docker(["inspect", "--format", "{{.State.Running}}", container]);
      if (text.trim() !== "true") return { router, container };
      return { router, container, seen: await observeRouter(engine, container) };
    }),
  );
}

async function found() {
  const seen = await look();
  const links = observeLinks(seen);
  return [
    ...compareRouters(seen, { plan, containers: new Map(), placeOf }),
    ...compareLinks(seen, links, placeOf),
    ...compareRoutes({ plan, placeOf }, seen, links).findings,
  ];
}
