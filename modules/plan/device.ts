import { Address } from "../core/address.ts";
import type { DualAddress, DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import { defaultPort, PORT_FORM, type Platform } from "./device-ports.ts";
import type { InterfacePlan, RouterPlan } from "./router-plan.ts";

/** A planned router as somebody's device: the same plan, and which of its ports leads where. */
export interface Device {
  readonly platform: Platform;
  /** With the LAN among its interfaces: on a device it is a port, on a container it stands on `lo`. */
  readonly router: RouterPlan;
  /** Segments towards others in the order of the plan, then the LAN. */
  readonly ports: readonly DevicePort[];
  readonly block: DualPrefix;
  /** Of the Dinas, for whoever sets up the agency's DHCP. */
  readonly resolvers: readonly DualAddress[];
}

export interface DevicePort extends InterfacePlan {
  /** Names of the device's own interfaces; only the LAN of RouterOS has more than one. */
  readonly names: readonly string[];
  /** Who is at the other end: `pop-parakan`; of the LAN, the devices. */
  readonly towards: string;
}

/** Name of the LAN among the ports; no segment has it, for segments are named after POPs, sites and backbones. */
export const LAN = "lan";
/** Routes that a device takes from a neighbour towards the core: some ten for each router of the largest kabupaten. */
export const MOST_ROUTES = 10_000;
/** Routes that a hub's neighbour may send beyond its planned ones, as in BIRD. */
export const HUB_MARGIN = 100;

/**
 * The router as a device.
 * @param chosen interfaces by segment or `lan`; the platform's usual ones where absent
 */
export function deviceOf(
  kabupaten: Pick<Device, "block" | "resolvers">,
  router: RouterPlan,
  platform: Platform,
  chosen: ReadonlyMap<string, readonly string[]>,
): Device | Fault {
  const interfaces = [...router.interfaces, ...lanInterface(router)];
  const roles = interfaces.map(({ segment }) => segment);
  const unknown = [...chosen.keys()].find((role) => !roles.includes(role));
  if (unknown !== undefined)
    return new Fault(
      `${router.name} has no port "${unknown}"`,
      `its ports are ${roles.join(", ")}: write --port ${roles[0]}=${defaultPort(platform, 0)}`,
    );
  const ports = interfaces.map((one, index) => ({
    ...one,
    names: chosen.get(one.segment) ?? [defaultPort(platform, index)],
    towards: towards(router, one.segment),
  }));
  return (
    portFault(platform, ports) ?? {
      platform,
      router: { ...router, interfaces },
      ports,
      ...kabupaten,
    }
  );
}

function lanInterface({ lan }: RouterPlan): readonly InterfacePlan[] {
  if (lan === undefined) return [];
  const address = { ipv4: Address.inside(lan.ipv4, 1n), ipv6: Address.inside(lan.ipv6, 1n) };
  return [{ segment: LAN, address, prefix: lan }];
}

function towards(router: RouterPlan, segment: string): string {
  const uplinks = router.uplinks.filter((one) => one.segment === segment);
  const hub = router.hubs.find((one) => one.segment === segment);
  if (uplinks.length > 0) return uplinks.map((one) => one.router).join(", ");
  if (hub !== undefined) return `${hub.peers.length} routers that call in`;
  return segment === LAN ? "the devices of the LAN" : "servers";
}

function portFault(platform: Platform, ports: readonly DevicePort[]): Fault | undefined {
  const names = ports.flatMap((port) => port.names);
  const bad = names.find((name) => !PORT_FORM[platform].test(name));
  if (bad !== undefined)
    return new Fault(
      `"${bad}" is no interface of ${platform}`,
      `write its name as the device shows it, such as ${defaultPort(platform, 0)}`,
    );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    return new Fault(
      `${twice} would have two roles`,
      "give each of --port an interface of its own; all roles but the last keep their usual ones",
    );
  const many = ports.find((port) => port.names.length > 1);
  if (many !== undefined && (platform !== "routeros" || many.segment !== LAN))
    return new Fault(
      `${many.segment} has ${many.names.length} interfaces`,
      "only the LAN of RouterOS takes several: there they become one bridge; elsewhere make the bridge first and name it",
    );
  return undefined;
}

/** What the agency's DHCP may hand out: the hosts behind the router's; undefined where there is no second host. */
export function dhcpRange({ ipv4 }: DualPrefix): { first: Address; last: Address } | undefined {
  if (ipv4.size < 4n) return undefined;
  return { first: Address.inside(ipv4, 2n), last: Address.inside(ipv4, ipv4.size - 2n) };
}
