import type { ITerraformDependable } from "../modules/constructs/cdktf.ts";
import { limitProcesses } from "../modules/constructs/bounds.ts";
import { ConfigCarrier } from "../modules/constructs/config-carrier.ts";
import { Edge } from "../modules/constructs/edge.ts";
import { SecretsVolume } from "../modules/constructs/secrets-volume.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { EdgePlan } from "../modules/plan/edge-plan.ts";
import { engineName } from "../modules/plan/engine-names.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { DRC_STACK } from "../modules/plan/part-names.ts";
import { edgeFiles } from "../modules/render/haproxy.ts";
import type { EdgeSecrets } from "./edge-secrets.ts";

/**
 * The edges that stand in one stack.
 *
 * @param dependsOn segment and gateway that they stand behind
 */
export function edgePart(
  context: StackContext,
  plan: KabupatenPlan,
  edge: EdgePlan,
  certificates: EdgeSecrets,
  dependsOn: readonly ITerraformDependable[],
): void {
  const name = context.stack === DRC_STACK ? "edge-drc" : "edge";
  const secrets = new SecretsVolume(context, name, "edge", certificates);
  const carrier = new ConfigCarrier(context, {
    name,
    image: "edge",
    files: edgeFiles(edge, certificates.challengeThumbprint),
  });
  const edges = edge.servers
    .filter(({ stack }) => stack === context.stack)
    .map((server) => ({
      name: engineName({ kabupaten: plan.name, role: "edge", name: server.name }),
      container: new Edge(context, { plan, server, carrier, secrets, dependsOn }).container,
    }));
  limitProcesses(context, "edges", edges);
}
