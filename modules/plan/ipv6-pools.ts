import { Address } from "../core/address.ts";
import type { DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import type { PoolName } from "../inventory/model.ts";

/**
 * Each pool's part of the kabupaten's /48, as first subnet id and length. Fixed, so that a prefix tells a reader what
 * it is for: `fd33:23a5:71c0:8…` to `…b…` are agencies' LANs. The two LAN pools have 16,384 /64s each (a kabupaten
 * has at most some 500 desa), the others 4,096.
 */
const PLACES: Readonly<Record<PoolName, { readonly subnet: bigint; readonly length: number }>> = {
  transit: { subnet: 0x0000n, length: 52 },
  loopback: { subnet: 0x1000n, length: 52 },
  management: { subnet: 0x2000n, length: 52 },
  "pusat-data": { subnet: 0x3000n, length: 52 },
  service: { subnet: 0x4000n, length: 52 },
  drc: { subnet: 0x5000n, length: 52 },
  "perangkat-daerah": { subnet: 0x8000n, length: 50 },
  desa: { subnet: 0xc000n, length: 50 },
};

/** The IPv6 pool of this name inside the kabupaten's /48. */
export function ipv6Pool(block: Prefix, name: PoolName): Prefix {
  const { subnet, length } = PLACES[name];
  return Prefix.of(6, block.first + (subnet << 64n), length);
}

/** The IPv6 part in which single addresses stand at the same offset as in the IPv4 pool. */
export function mirroredPool({ ipv4, ipv6 }: DualPrefix): DualPrefix {
  return { ipv4, ipv6: Prefix.of(6, ipv6.first, 96 + ipv4.length) };
}

/** The IPv4 one of the pair to which this address of a mirrored pool belongs; undefined outside the pool. */
export function mirroredAddress(text: string, { ipv4, ipv6 }: DualPrefix): Prefix | undefined {
  const address = Address.parse(text);
  if (address instanceof Fault) return undefined;
  if (address.isIn(ipv4)) return Prefix.host(address);
  if (!address.isIn(ipv6)) return undefined;
  return Prefix.of(4, ipv4.first + (address.value - ipv6.first), 32);
}
