import type { EngineRole } from "../plan/engine-names.ts";
import type { SegmentPlan } from "../plan/kabupaten-plan.ts";
import { Construct, Network } from "./cdktf.ts";
import { identity, type StackContext } from "./stack-context.ts";

/**
 * A shared segment: one bridge on which the engine itself has no IPv4 address and does not translate addresses.
 * Not `internal`: that drops transit traffic without a word (lab). The host firewall knows the bridge by its name.
 */
export class Segment extends Construct {
  readonly network: Network;

  constructor(context: StackContext, plan: SegmentPlan) {
    super(context.scope, `segment-${plan.name}`);
    const { prefix, engineAddress, bridge } = plan;
    const definition = {
      driver: "bridge",
      ipv6: true,
      ipamConfig: [
        { subnet: prefix.ipv4.text, gateway: engineAddress.ipv4.text },
        { subnet: prefix.ipv6.text, gateway: engineAddress.ipv6.text },
      ],
      options: {
        "com.docker.network.bridge.name": bridge,
        "com.docker.network.bridge.inhibit_ipv4": "true",
        "com.docker.network.bridge.enable_ip_masquerade": "false",
      },
    };
    this.network = new Network(this, "network", {
      ...identity(context, segmentRole(plan), plan.name, definition),
      ...definition,
    });
  }
}

/** A tenant's segment belongs to its gateway, as that of the stations does; all others to the routers. */
export function segmentRole({ kind }: SegmentPlan): EngineRole {
  return kind === "tenant" || kind === "management" ? "gateway" : "router";
}
