import { limitProcesses } from "../modules/constructs/bounds.ts";
import { ConfigCarrier } from "../modules/constructs/config-carrier.ts";
import { Edge } from "../modules/constructs/edge.ts";
import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { EdgePlan } from "../modules/plan/edge-plan.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { engineName } from "../modules/plan/engine-names.ts";
import { EDGE } from "../modules/plan/part-names.ts";
import { edgeFiles } from "../modules/render/haproxy.ts";
import type { EdgeSecrets } from "./edge-secrets.ts";
import { routedPart } from "./routed-part.ts";

/** The edge that answers published names, behind a gateway of its own. */
export function servicesStack(
  context: StackContext,
  plan: KabupatenPlan,
  edge: EdgePlan,
  certificates: EdgeSecrets,
): void {
  const { segments, routers } = routedPart(context, plan);
  const dependsOn = [segments.get(EDGE)!.network, routers.get(EDGE)!.container];
  const secrets = new SecretsVolume(context, "edge", "edge", certificates);
  const carrier = new ConfigCarrier(context, {
    name: "edge",
    image: "edge",
    files: edgeFiles(edge, certificates.challengeThumbprint),
  });
  const edges = edge.servers.map((server) => ({
    name: engineName({ kabupaten: plan.name, role: "edge", name: server.name }),
    container: new Edge(context, { plan, server, carrier, secrets, dependsOn }).container,
  }));
  limitProcesses(context, "servers", edges);
}
