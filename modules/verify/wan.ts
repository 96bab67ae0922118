import { compareLinks, observeLinks } from "./links.ts";
import { checkExternalRouters } from "./external-routers.ts";
import { checkInternet } from "./internet.ts";
import { checkIsolation, foreignAddresses, hostCounters } from "./isolation.ts";
import { checkManagement, triedFromOutside } from "./management.ts";
import { checkReach } from "./reach.ts";
import { observeRouters } from "./observe-routers.ts";
import { compareRouters, routerContainer, type SeenRouter } from "./routers.ts";
import { compareRoutes } from "./routes.ts";
import type { CheckGroups } from "./check-groups.ts";
import type { Topic, VerifyContext } from "./topic.ts";

/** Routers, sessions, prefixes, and whether every LAN reaches what it should and nothing else. */
export const wan: Topic = {
  name: "wan",
  groups: 8,
  settles: true,
  async verify(context, groups) {
    const routers = await checkRouters(context, groups).finally(context.settle);
    const links = await groups.run("wan", "sessions", async () => {
      const seen = observeLinks(routers);
      const up = seen.filter((link) => link.up).length;
      return {
        findings: compareLinks(routers, seen, context.placeOf),
        measured: { sessions_planned: seen.length, sessions_up: up },
        said: `${up} of ${seen.length} up`,
        result: seen,
      };
    });
    await groups.run("wan", "prefixes", async () => {
      const { findings, expected, present } = compareRoutes(context, routers, links);
      return {
        findings,
        measured: { prefixes_expected: expected, prefixes_present: present },
        said: `${present} of ${expected} present`,
        result: undefined,
      };
    });
    const before = await hostCounters(context.engine);
    const foreign = foreignAddresses(context, routers);
    const closed = triedFromOutside(routers, links);
    const asked = await groups.run("wan", "reach", () =>
      checkReach(context, routers, links, (from) => [
        ...foreign,
        ...(closed.get(from) ?? []).map(({ target }) => target),
      ]),
    );
    const strangers = asked.map(({ from, answers }) => ({
      from,
      answers: answers.slice(0, foreign.length),
    }));
    const refused = asked.flatMap(({ from, answers }) =>
      (closed.get(from) ?? []).map(({ to }, at) => ({
        from,
        to,
        answer: answers[foreign.length + at]!,
      })),
    );
    await groups.run("wan", "external", () => checkExternalRouters(context, routers, links));
    await groups.run("wan", "management", () => checkManagement(context, routers, links, refused));
    await groups.run("wan", "isolation", () => checkIsolation(context, strangers, before));
    if (context.plan.outer !== undefined)
      await groups.run("wan", "internet", () => checkInternet(context, routers));
  },
};

/** Seconds that a router which has just started may need to have all its sessions and routes. */
const SETTLE_SECONDS = 15;

async function checkRouters(
  context: VerifyContext,
  groups: CheckGroups,
): Promise<readonly SeenRouter[]> {
  return groups.run("wan", "routers", async () => {
    const routers = await observeSettled(context);
    const running = routers.filter(({ seen }) => seen !== undefined).length;
    const planned = routers.filter(({ router }) => router.kind === "container").length;
    return {
      findings: compareRouters(routers, context),
      measured: { routers_planned: planned, routers_running: running },
      said: `${running} of ${planned} running`,
      result: routers,
    };
  });
}

/** Seconds in which a router that starts usually has them: to look earlier is to look twice. */
const USUALLY_SETTLED_SECONDS = 4;

/** Looks again, for a while, when something is missing and a router is younger than that: it is not wrong yet. */
async function observeSettled(context: VerifyContext): Promise<readonly SeenRouter[]> {
  const started = Date.now();
  const youngest = Math.min(
    ...context.plan.routers.map(
      (router) =>
        context.containers.get(routerContainer(context.plan, router))?.upSeconds || Infinity,
    ),
  );
  const early = Math.max(0, USUALLY_SETTLED_SECONDS - youngest);
  await new Promise((resolve) => setTimeout(resolve, early * 1000));
  let routers = await observeRouters(context);
  while (youngest + (Date.now() - started) / 1000 < SETTLE_SECONDS && !isWhole(context, routers)) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    routers = await observeRouters(context);
  }
  return routers;
}

function isWhole(context: VerifyContext, routers: readonly SeenRouter[]): boolean {
  const links = observeLinks(routers);
  const { expected, present } = compareRoutes(context, routers, links);
  return links.every(({ up, guarded }) => up && guarded) && expected === present;
}
