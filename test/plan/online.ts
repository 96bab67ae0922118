import { Address } from "../../modules/core/address.ts";
import { ByteSize } from "../../modules/core/byte-size.ts";
import { Fault } from "../../modules/core/fault.ts";
import { InterfaceAddress } from "../../modules/core/interface-address.ts";
import { Rate } from "../../modules/core/rate.ts";
import type { OuterAddress } from "../../modules/inventory/internet-model.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import type { Site } from "../../modules/inventory/site-model.ts";

/** The inventory with a provider's line at the engine of the Pusat Data. */
export function online(
  inventory: Inventory,
  {
    own = "203.0.113.10/29",
    gateway = "203.0.113.9",
    ipv6 = true,
    line = 1_000,
    port,
  }: { own?: string; gateway?: string; ipv6?: boolean; line?: number; port?: string } = {},
): Inventory {
  const site: Site = {
    name: "pusat-data",
    engine: "local",
    location: { lat: -7, lon: 110 },
    risks: [],
    capacity: {
      cpu: 64,
      memory: certain(ByteSize.parse("64GiB")),
      disk: certain(ByteSize.parse("1TiB")),
      headroom: 0,
      overcommit: { cpu: 1, memory: 1, disk: 1 },
    },
  };
  const internet = {
    ...(port !== undefined && { interface: port }),
    ipv4: outer(own, gateway),
    ...(ipv6 && { ipv6: outer("2001:db8:7::2/64", "2001:db8:7::1") }),
    bandwidth: rate(line),
  };
  return {
    ...inventory,
    kabupaten: {
      ...inventory.kabupaten,
      sites: new Map([["pusat-data", site]]),
      engines: new Map([["local", { name: "local", internet }]]),
    },
  };
}

function outer(text: string, gateway: string): OuterAddress {
  const { address, prefix } = certain(InterfaceAddress.parse(text));
  return { address, prefix, gateway: certain(Address.parse(gateway)) };
}

/** So many megabits per second. */
export function rate(megabits: number): Rate {
  return certain(Rate.parse(`${megabits}Mbps`));
}

function certain<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
