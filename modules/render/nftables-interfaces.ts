import { LAN, type DevicePort } from "../plan/device.ts";
import type { RouterPlan } from "../plan/router-plan.ts";
import { segmentNumber } from "./router-addresses.ts";

/** By what the packet filter knows on which segment a packet came in. */
export interface InterfaceNames {
  readonly key: "meta iifgroup" | "iifname";
  /** What stands for the segment in a rule. */
  of(segment: string): string;
  /** Rules for what the devices of a LAN ask the router itself; a container has no LAN of devices. */
  readonly lanInput: readonly string[];
  /** Whether the hop limit of BGP packets is this filter's matter (RFC 5082), because the software cannot see to it. */
  readonly limitsHops: boolean;
}

/** In containers `ethN` says nothing about the network behind it: images/router/entrypoint.sh gives each a group. */
export function byGroup(router: RouterPlan): InterfaceNames {
  return {
    key: "meta iifgroup",
    of: (segment) => `${segmentNumber(router, segment)}`,
    lanInput: [],
    limitsHops: false,
  };
}

/** A device's ports are what a person plugs cables into. On the LAN, DHCP and router solicitations are for the router. */
export function byPort(ports: readonly DevicePort[], limitsHops: boolean): InterfaceNames {
  const of = (segment: string): string => {
    const port = ports.find((one) => one.segment === segment);
    if (port === undefined) throw new Error(`the device has no port on ${segment}`);
    return `"${port.names[0]}"`;
  };
  const lan = ports.some(({ segment }) => segment === LAN);
  return {
    key: "iifname",
    of,
    lanInput: lan
      ? [
          `iifname ${of(LAN)} udp dport 67 accept`,
          `iifname ${of(LAN)} icmpv6 type nd-router-solicit ip6 hoplimit 255 accept`,
        ]
      : [],
    limitsHops,
  };
}
