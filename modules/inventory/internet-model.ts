import type { Address } from "../core/address.ts";
import type { InterfaceAddress } from "../core/interface-address.ts";
import type { PortRange } from "../core/port-range.ts";
import type { Rate } from "../core/rate.ts";

/** What the provider handed over. */
export interface InternetAccess {
  /** Port of the engine's host towards the provider; without it the outer segment is a bridge of its own. */
  readonly interface?: string;
  /** One address in each family may be private: a provider's modem, or carrier-grade NAT. */
  readonly ipv4: OuterAddress;
  readonly ipv6?: OuterAddress;
  /** Of the line, the same in both directions. */
  readonly bandwidth: Rate;
}

/** The kabupaten's own address towards the provider, and the provider's next hop. */
export interface OuterAddress extends Pick<InterfaceAddress, "address" | "prefix"> {
  readonly gateway: Address;
}

/** What leaves to the internet, whoever asks. */
export interface InternetRules {
  readonly deny: readonly DeniedPorts[];
}

/** Destination ports that nobody may open a connection to. */
export interface DeniedPorts {
  readonly ports: PortRange;
  /** Both when absent. */
  readonly protocol?: "tcp" | "udp" | undefined;
  /** For people, and beside the rule. */
  readonly why: string;
}
