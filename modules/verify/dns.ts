import type { Diagnostic } from "../core/diagnostic.ts";
import { engineName } from "../plan/engine-names.ts";
import { absentContainer } from "./absent-container.ts";
import { checkAnswers } from "./answers.ts";
import type { CheckGroups } from "./check-groups.ts";
import { inParallel } from "./run-inside.ts";
import type { Topic, VerifyContext } from "./topic.ts";
import { observeZones } from "./zone-content.ts";
import { compareZones, type SeenNameServer } from "./zones.ts";

/** Name servers and resolvers: whether they hold and say what the plan says, and nothing else. */
export const dns: Topic = {
  name: "dns",
  groups: 3,
  settles: false,
  async verify(context, groups) {
    await groups.run("dns", "servers", async () => {
      const servers = serversOf(context);
      const absent = servers.filter(({ container }) => !runs(context, container));
      return {
        findings: absent.map(({ name, container }) => notRunning(context, name, container)),
        measured: {
          servers_planned: servers.length,
          servers_running: servers.length - absent.length,
        },
        said: `${servers.length - absent.length} of ${servers.length} running`,
        result: undefined,
      };
    });
    const signed = await checkZones(context, groups);
    await context.settled;
    await groups.run("dns", "answers", () => checkAnswers(context, signed));
  },
};

/** Compares what the servers hold; hands on which zones are signed. */
async function checkZones(
  context: VerifyContext,
  groups: CheckGroups,
): Promise<ReadonlySet<string>> {
  return groups.run("dns", "zones", async () => {
    const { zones } = context.plan.dns;
    const { servers, findings } = await observeSettled(context);
    const primary = servers.find(({ isPrimary }) => isPrimary);
    const records = zones.reduce((sum, zone) => sum + zone.records.length, 0);
    return {
      findings: [...silent(context, servers), ...findings],
      measured: { zones_planned: zones.length, records_planned: records },
      said: `${zones.length} zones, ${records} records on ${servers.length} servers`,
      result: new Set(
        (primary?.zones ?? []).filter(({ signed }) => signed).map(({ name }) => name),
      ),
    };
  });
}

/** Looks that are taken, a second apart, before a difference counts: a transfer may be under way. */
const LOOKS = 4;

async function observeSettled(context: VerifyContext): Promise<{
  readonly servers: readonly SeenNameServer[];
  readonly findings: readonly Diagnostic[];
}> {
  for (let look = 1; ; look++) {
    const servers = await observeServers(context);
    const findings = compareZones(context.plan.dns.zones, servers, context);
    if (findings.length === 0 || look === LOOKS) return { servers, findings };
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function observeServers(context: VerifyContext): Promise<readonly SeenNameServer[]> {
  const { plan, engine } = context;
  const { primary, secondaries } = plan.dns;
  return inParallel([primary, ...secondaries], async (server) => {
    const { name } = server;
    const container = engineName({ kabupaten: plan.name, role: "name-server", name });
    const zones = runs(context, container) ? await observeZones(engine, container) : undefined;
    const isPrimary = server === primary;
    return { name, container, isPrimary, ...(zones !== undefined && { zones }) };
  });
}

function silent(context: VerifyContext, servers: readonly SeenNameServer[]): readonly Diagnostic[] {
  return servers
    .filter(({ zones, container }) => zones === undefined && runs(context, container))
    .map(({ name, container }) => ({
      id: "name-server-silent",
      severity: "error" as const,
      what: `name server ${name} runs, but its Knot does not answer`,
      why: "it then serves no zone at all, or cannot be told of changes",
      fix: `docker logs --tail 30 ${container} says why; docker restart ${container} starts it again`,
    }));
}

interface Server {
  readonly name: string;
  readonly container: string;
}

function serversOf({ plan }: VerifyContext): readonly Server[] {
  const { primary, secondaries, resolvers } = plan.dns;
  const named = (role: "name-server" | "resolver") => (server: { readonly name: string }) => ({
    name: server.name,
    container: engineName({ kabupaten: plan.name, role, name: server.name }),
  });
  return [
    ...[primary, ...secondaries].map(named("name-server")),
    ...resolvers.map(named("resolver")),
  ];
}

function runs({ containers }: VerifyContext, container: string): boolean {
  return containers.get(container)?.running === true;
}

function notRunning(
  { containers, placeOf }: VerifyContext,
  name: string,
  container: string,
): Diagnostic {
  const at = placeOf("dns");
  return {
    ...absentContainer(
      "name-server-not-running",
      `the name service's ${name}`,
      container,
      containers.get(container),
    ),
    ...(at !== undefined && { at }),
  };
}
