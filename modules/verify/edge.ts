import type { Diagnostic } from "../core/diagnostic.ts";
import { engineName } from "../plan/engine-names.ts";
import type { KabupatenPlan } from "../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import type { ServerPlan } from "../plan/vps-plan.ts";
import { absentContainer } from "./absent-container.ts";
import { compareCertificates, shownCertificates } from "./edge-certificates.ts";
import {
  askingLans,
  compareNames,
  kindOf,
  nameAttempts,
  type AskedName,
  type NameAttempt,
} from "./edge-names.ts";
import { askNames } from "./edge-probe.ts";
import { routerContainer } from "./routers.ts";
import { inParallel } from "./run-inside.ts";
import type { GroupOutcome, Topic, VerifyContext } from "./topic.ts";

/** Published names: whether they answer on HTTPS those whom they are for, with a certificate that holds. */
export const edge: Topic = {
  name: "edge",
  groups: 3,
  settles: false,
  async verify(context, groups) {
    await groups.run("edge", "servers", async () => checkServers(context));
    await context.settled;
    await groups.run("edge", "names", () => checkNames(context));
    await groups.run("edge", "certificates", () => checkCertificates(context));
  },
};

function checkServers(context: VerifyContext): GroupOutcome<void> {
  const servers = context.plan.edge?.servers ?? [];
  const absent = servers.filter((server) => !runs(context, server));
  const at = context.placeOf("dns");
  return {
    findings: absent.map((server) => {
      const container = edgeContainer(context.plan, server);
      const state = context.containers.get(container);
      const finding = absentContainer("edge-not-running", `edge ${server.name}`, container, state);
      return { ...finding, ...(at !== undefined && { at }) };
    }),
    measured: {
      edges_planned: servers.length,
      edges_running: servers.length - absent.length,
    },
    said:
      servers.length === 0
        ? NOTHING
        : `${servers.length - absent.length} of ${servers.length} running`,
    result: undefined,
  };
}

async function checkNames(context: VerifyContext): Promise<GroupOutcome<void>> {
  const { plan, engine, containers, authority } = context;
  const server = plan.edge?.servers.find((one) => runs(context, one));
  if (plan.edge === undefined || server === undefined) return nothing();
  if (authority === undefined) return { ...nothing(), findings: [noAuthority()] };
  const { publications } = plan.edge;
  const starts = plan.routers.filter(
    (router) =>
      router.lan !== undefined && containers.get(routerContainer(plan, router))?.running === true,
  );
  const image = await imageOf(context, server);
  const publicToo = plan.edge.acme !== undefined;
  const ask = async (
    attempts: readonly NameAttempt[],
    from: RouterPlan,
  ): Promise<readonly AskedName[]> => {
    const network = routerContainer(plan, from);
    const answers = await askNames(engine, { image, network, authority, publicToo }, attempts);
    return attempts.map((attempt, at) => ({ attempt, answer: answers[at]! }));
  };
  let again = 0;
  const asked = await inParallel(askingLans(publications, starts), async (from) => {
    const first = await ask(nameAttempts(publications, from), from);
    // A machine that verifies everything at once may itself be what did not answer.
    const silent = first.filter((one) => kindOf(one) === "unreachable");
    again += silent.length;
    const second = await ask(
      silent.map(({ attempt }) => attempt),
      from,
    );
    return first.map((one) => second.find(({ attempt }) => attempt === one.attempt) ?? one);
  });
  const all = asked.flat();
  return {
    findings: compareNames(context, all),
    measured: {
      names_published: publications.flatMap(({ names }) => names).length,
      names_asked: all.length,
      names_asked_again: again,
      names_answered: all.filter(({ answer }) => answer.outcome === "answered").length,
    },
    said: `${all.length} requests for ${publications.length} publications from ${asked.length} LANs`,
    result: undefined,
  };
}

async function checkCertificates(context: VerifyContext): Promise<GroupOutcome<void>> {
  const { plan, engine } = context;
  const planned = plan.edge;
  const standing = planned?.servers.filter((one) => runs(context, one)) ?? [];
  if (planned === undefined || standing.length === 0) return nothing();
  const shown = await inParallel(standing, (server) =>
    shownCertificates(engine, edgeContainer(plan, server), server, planned),
  );
  const all = shown.flat();
  return {
    findings: compareCertificates(context, all, Date.now()),
    measured: { certificates_shown: all.filter(({ ends }) => ends !== undefined).length },
    said: `${all.length} certificates looked at`,
    result: undefined,
  };
}

/** `simpul-temanggung-edge-edge1`. */
function edgeContainer({ name: kabupaten }: KabupatenPlan, { name }: ServerPlan): string {
  return engineName({ kabupaten, role: "edge", name });
}

function runs({ plan, containers }: VerifyContext, server: ServerPlan): boolean {
  return containers.get(edgeContainer(plan, server))?.running === true;
}

async function imageOf({ engine, plan }: VerifyContext, server: ServerPlan): Promise<string> {
  const container = edgeContainer(plan, server);
  const argv = ["docker", "container", "inspect", "--format", "{{.Image}}", container];
  return (await engine.run(argv)).stdout.trim();
}

const NOTHING = "nothing is published through an edge";

function nothing(): GroupOutcome<void> {
  return { findings: [], measured: {}, said: NOTHING, result: undefined };
}

function noAuthority(): Diagnostic {
  return {
    id: "certificate-authority-missing",
    severity: "error",
    what: "the kabupaten's certificate authority is not on this machine: names cannot be judged",
    why: "the check trusts whom agencies trust, and nobody else",
    fix: "run simpul deploy here, or bring the folder of secrets from where it is run",
  };
}
