import type { ITerraformDependable } from "../modules/constructs/cdktf.ts";
import { limitProcesses } from "../modules/constructs/bounds.ts";
import { ConfigCarrier } from "../modules/constructs/config-carrier.ts";
import { NameServer, Resolver } from "../modules/constructs/name-service.ts";
import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import { engineName } from "../modules/plan/engine-names.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { DRC_STACK } from "../modules/plan/part-names.ts";
import { nameServerFiles, resolverFiles } from "../modules/render/dns-files.ts";
import type { DnsSecrets } from "./dns-secrets.ts";

/**
 * The name servers and resolvers that stand in one stack.
 *
 * @param dependsOn segment and gateway that they stand behind
 */
export function nameServicePart(
  context: StackContext,
  plan: KabupatenPlan,
  secrets: DnsSecrets,
  dependsOn: readonly ITerraformDependable[],
): void {
  const here = ({ stack }: { readonly stack: string }): boolean => stack === context.stack;
  const named = (name: string): string => (context.stack === DRC_STACK ? `${name}-drc` : name);
  const { primary, secondaries, resolvers } = plan.dns;

  const servers = new ConfigCarrier(context, {
    name: named("name-server"),
    image: "name-server",
    files: nameServerFiles(plan.dns, context.stack),
  });
  const addServers = (role: "primary" | "secondary", all: typeof secondaries) => {
    if (all.length === 0) return [];
    const volume = new SecretsVolume(context, named(role), "name-server", secrets.volumes[role]);
    return all.map((server) => ({
      name: engineName({ kabupaten: plan.name, role: "name-server", name: server.name }),
      container: new NameServer(context, {
        plan,
        server,
        carrier: servers,
        secrets: volume,
        dependsOn,
      }).container,
    }));
  };
  const nameServers = [
    ...addServers("primary", [primary].filter(here)),
    ...addServers("secondary", secondaries.filter(here)),
  ];

  const carrier = new ConfigCarrier(context, {
    name: named("resolver"),
    image: "resolver",
    files: resolverFiles(plan.dns, secrets.anchors, context.stack),
  });
  const resolving = resolvers.filter(here).map((server) => ({
    name: engineName({ kabupaten: plan.name, role: "resolver", name: server.name }),
    container: new Resolver(context, { plan, server, carrier, dependsOn }).container,
  }));
  limitProcesses(context, "servers", [...nameServers, ...resolving]);
}
