import type { OuterSegmentPlan } from "../plan/kabupaten-plan.ts";
import { Construct, Network } from "./cdktf.ts";
import { identity, type StackContext } from "./stack-context.ts";

/**
 * The segment towards the provider: the port of the engine's host where one is named (macvlan: the host itself is not
 * on it), else a bridge that leads nowhere, on which the engine has no address.
 */
export class OuterSegment extends Construct {
  readonly network: Network;

  constructor(context: StackContext, plan: OuterSegmentPlan) {
    super(context.scope, `outer-segment-${plan.name}`);
    const definition = {
      ...(plan.interface === undefined ? bridge(plan) : macvlan(plan.interface)),
      ipv6: plan.ipv6 !== undefined,
      ipamConfig: [plan.ipv4, ...(plan.ipv6 ? [plan.ipv6] : [])].map(
        ({ prefix, engineAddress }) => ({ subnet: prefix.text, gateway: engineAddress.text }),
      ),
    };
    this.network = new Network(this, "network", {
      ...identity(context, OUTER_ROLE, plan.name, definition),
      ...definition,
    });
  }
}

/** Role of the outer segment in the contract of names. */
export const OUTER_ROLE = "router";

function macvlan(parent: string): { driver: string; options: Record<string, string> } {
  return { driver: "macvlan", options: { parent } };
}

function bridge({ bridge: name }: OuterSegmentPlan): {
  driver: string;
  options: Record<string, string>;
} {
  return {
    driver: "bridge",
    options: {
      "com.docker.network.bridge.name": name,
      "com.docker.network.bridge.inhibit_ipv4": "true",
      "com.docker.network.bridge.enable_ip_masquerade": "false",
    },
  };
}
