import { Address } from "../core/address.ts";
import type { DualPrefix } from "../core/dual.ts";

/**
 * Reverse zones that cover the whole block: /16 zones under in-addr.arpa (/24 for a block longer than /16), one zone
 * under ip6.arpa (RFC 1035 section 3.5, RFC 3596). All of them, also those without a record yet, so that no question
 * about our addresses ever leaves.
 */
export function reverseZones({ ipv4, ipv6 }: DualPrefix): readonly string[] {
  const octets = ipv4.length <= 16 ? 2 : 3;
  const step = 1n << BigInt(32 - octets * 8);
  const zones: string[] = [];
  for (let first = ipv4.first; first < ipv4.first + ipv4.size; first += step) {
    const labels = Address.of(4, first).text.split(".").slice(0, octets);
    zones.push(`${labels.toReversed().join(".")}.in-addr.arpa.`);
  }
  const nibbles = hex(ipv6.first).slice(0, ipv6.length / 4);
  return [...zones, `${[...nibbles].toReversed().join(".")}.ip6.arpa.`];
}

/** The name under which PTR records of this address stand, with its final dot. */
export function reverseName(address: Address): string {
  if (address.family === 4)
    return `${address.text.split(".").toReversed().join(".")}.in-addr.arpa.`;
  return `${[...hex(address.value)].toReversed().join(".")}.ip6.arpa.`;
}

function hex(value: bigint): string {
  return value.toString(16).padStart(32, "0");
}
