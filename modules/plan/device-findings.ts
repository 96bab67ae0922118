import { Address } from "../core/address.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { DualAddress } from "../core/dual.ts";
import { seatKey, type AddressPlan } from "./address-plan.ts";
import { routerKey, type RouterSeat, type Topology } from "./topology.ts";

/** Whether a router has this address by the plan: management, loopback, LAN, or on a segment. */
export function isPlannedAddress(seat: RouterSeat, text: string, addresses: AddressPlan): boolean {
  const lan = addresses.lans.get(seat.name);
  const own: readonly (DualAddress | undefined)[] = [
    addresses.management.get(routerKey(seat)),
    addresses.loopbacks.get(routerKey(seat)),
    // Its first host, as for every LAN (DESIGN section 10).
    lan && { ipv4: Address.inside(lan.ipv4, 1n), ipv6: Address.inside(lan.ipv6, 1n) },
    ...[...seat.up, ...seat.down].map((segment) =>
      addresses.hosts.get(seatKey(segment, seat.name)),
    ),
  ];
  return own.some((pair) => pair?.ipv4.text === text || pair?.ipv6.text === text);
}

/** External routers whose address in the inventory is none of those that they have by the plan. */
export function strayDeviceAddresses(
  { routers }: Topology,
  addresses: AddressPlan,
): readonly Diagnostic[] {
  return routers.flatMap((seat) => {
    const { device } = seat;
    const management = addresses.management.get(routerKey(seat));
    if (device === undefined || management === undefined) return [];
    if (isPlannedAddress(seat, device.address, addresses)) return [];
    return [
      {
        id: "router-address-unplanned",
        severity: "warning",
        at: device.at,
        what: `router.address is ${device.address}, and by the plan ${seat.name} has its management address ${management.ipv4.text}`,
        why: "the WAN carries planned addresses only: the centre cannot reach the router by this one",
        fix: `set the device up by simpul config ${seat.name}, and write address: ${management.ipv4.text}`,
      },
    ];
  });
}
