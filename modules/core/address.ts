import { Address6 } from "ip-address";
import { Netmask } from "netmask";

import type { Fault } from "./fault.ts";
import { misreadAddress } from "./misread-address.ts";
import type { Prefix } from "./prefix.ts";

const IPV4 = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;
const IPV6 = /^[0-9a-f:]+$/i;

/** One IPv4 or IPv6 address in canonical form (RFC 5952). Immutable; equal when the texts are. */
export class Address {
  private constructor(
    readonly family: 4 | 6,
    readonly value: bigint,
    readonly text: string,
  ) {}

  /** Reads `10.64.0.1` or `fd33::1`; a zone, a length, octal or hexadecimal octets are faults. */
  static parse(text: string): Address | Fault {
    if (IPV4.test(text) && text.split(".").every((octet) => Number(octet) <= 255))
      return new Address(4, BigInt(new Netmask(`${text}/32`).netLong), text);
    if (IPV6.test(text) && Address6.isValid(text)) {
      const address = new Address6(text);
      return new Address(6, address.bigInt(), address.correctForm());
    }
    return misreadAddress(text);
  }

  /** The address of this number; the number must fit the family, else it is our own mistake. */
  static of(family: 4 | 6, value: bigint): Address {
    if (value < 0n || value >> (family === 4 ? 32n : 128n) !== 0n)
      throw new RangeError(`${value} is no IPv${family} address`);
    if (family === 6) return new Address(6, value, Address6.fromBigInt(value).correctForm());
    const octets = [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n);
    return new Address(4, value, octets.join("."));
  }

  /** The address at this offset from the start of the prefix: offset 1 is the first host. */
  static inside(prefix: Prefix, offset: bigint): Address {
    if (offset < 0n || offset >= prefix.size)
      throw new RangeError(`offset ${offset} lies outside ${prefix.text}`);
    return Address.of(prefix.family, prefix.first + offset);
  }

  isIn(prefix: Prefix): boolean {
    return (
      this.family === prefix.family &&
      this.value >= prefix.first &&
      this.value < prefix.first + prefix.size
    );
  }

  /** `10.64.0.1/32` or `fd33::1/128`. */
  get hostPrefix(): string {
    return `${this.text}/${this.family === 4 ? 32 : 128}`;
  }

  toString(): string {
    return this.text;
  }
}
