import { limitProcesses } from "../modules/constructs/bounds.ts";
import { ConfigCarrier } from "../modules/constructs/config-carrier.ts";
import { NameServer, Resolver } from "../modules/constructs/name-service.ts";
import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import { engineName } from "../modules/plan/engine-names.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { NAME_SERVICE } from "../modules/plan/part-names.ts";
import { nameServerFiles, resolverFiles } from "../modules/render/dns-files.ts";
import type { DnsSecrets } from "./dns-secrets.ts";
import { routedPart } from "./routed-part.ts";

/** The name service: hidden primary, public secondaries and resolvers behind a gateway of their own. */
export function dnsStack(context: StackContext, plan: KabupatenPlan, secrets: DnsSecrets): void {
  const { segments, routers } = routedPart(context, plan);
  const dependsOn = [segments.get(NAME_SERVICE)!.network, routers.get(NAME_SERVICE)!.container];
  const { primary, secondaries, resolvers } = plan.dns;

  const servers = new ConfigCarrier(context, {
    name: "name-server",
    image: "name-server",
    files: nameServerFiles(plan.dns),
  });
  const volumes = {
    primary: new SecretsVolume(context, "primary", "name-server", secrets.volumes.primary),
    secondary: new SecretsVolume(context, "secondary", "name-server", secrets.volumes.secondary),
  };
  const nameServers = [primary, ...secondaries].map((server) => ({
    name: engineName({ kabupaten: plan.name, role: "name-server", name: server.name }),
    container: new NameServer(context, {
      plan,
      server,
      carrier: servers,
      secrets: server === primary ? volumes.primary : volumes.secondary,
      dependsOn,
    }).container,
  }));

  const carrier = new ConfigCarrier(context, {
    name: "resolver",
    image: "resolver",
    files: resolverFiles(plan.dns, secrets.anchors),
  });
  const resolving = resolvers.map((server) => ({
    name: engineName({ kabupaten: plan.name, role: "resolver", name: server.name }),
    container: new Resolver(context, { plan, server, carrier, dependsOn }).container,
  }));
  limitProcesses(context, "servers", [...nameServers, ...resolving]);
}
