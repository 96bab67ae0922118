import { LAN, type DevicePort } from "../plan/device.ts";

/** The interface that carries a segment's addresses: the LAN's is a bridge, so that a switch's worth of ports is one. */
export function interfaceOf({ segment, names }: DevicePort): string {
  return segment === LAN ? LAN : names[0]!;
}
