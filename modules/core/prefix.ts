import { Address6 } from "ip-address";
import { Netmask } from "netmask";

import { Address } from "./address.ts";
import { Fault } from "./fault.ts";
import { misreadPrefix } from "./misread-address.ts";

const IPV4_PREFIX = /^((?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3})\/(0|[1-9]\d?)$/;
const IPV6_PREFIX = /^([0-9a-f]*:[0-9a-f:]*)\/(0|[1-9]\d{0,2})$/i;

/**
 * An IPv4 or IPv6 prefix in canonical form: host bits zero, decimal IPv4 without leading zeros,
 * IPv6 without an embedded IPv4 address (RFC 4632, RFC 5952).
 *
 * Immutable. Two prefixes are equal when their texts are.
 */
export class Prefix {
  private constructor(
    readonly family: 4 | 6,
    /** First address as a number. */
    readonly first: bigint,
    /** Leading one bits of the mask: 0 to 32, or 0 to 128. */
    readonly length: number,
    readonly text: string,
  ) {}

  /**
   * Reads `10.64.0.0/12` or `fd33::/48`; anything looser is a fault that names the form meant.
   * The shape is checked before netmask sees the text: netmask reads `010` as octal, accepts
   * `10.1/16` and drops host bits without a word.
   */
  static parse(text: string): Prefix | Fault {
    const v4 = IPV4_PREFIX.exec(text);
    if (v4) return Prefix.#parse4(text, v4[1]!, Number(v4[2]));
    const v6 = IPV6_PREFIX.exec(text);
    if (v6) return Prefix.#parse6(text, v6[1]!, Number(v6[2]));
    return misreadPrefix(text);
  }

  static #parse4(text: string, address: string, length: number): Prefix | Fault {
    if (length > 32 || address.split(".").some((octet) => Number(octet) > 255))
      return new Fault(`"${text}" is out of range`, "octets go to 255, the length to 32");
    const block = new Netmask(text);
    if (block.base !== address) return hostBits(text, `${block.base}/${length}`);
    return new Prefix(4, BigInt(block.netLong), length, text);
  }

  static #parse6(text: string, address: string, length: number): Prefix | Fault {
    if (length > 128 || !Address6.isValid(address))
      return new Fault(`"${text}" is not an IPv6 prefix`, "write it as fd33:23a5:71c0::/48");
    const start = new Address6(`${address}/${length}`).startAddress();
    const canonical = `${start.correctForm()}/${length}`;
    if (start.bigInt() !== new Address6(address).bigInt()) return hostBits(text, canonical);
    return new Prefix(6, start.bigInt(), length, canonical);
  }

  /** The prefix that starts at this number; host bits must be zero, else it is our own mistake. */
  static of(family: 4 | 6, first: bigint, length: number): Prefix {
    const bits = BigInt((family === 4 ? 32 : 128) - length);
    if ((first >> bits) << bits !== first)
      throw new RangeError(`${first} has bits set beyond /${length}`);
    return new Prefix(family, first, length, `${Address.of(family, first).text}/${length}`);
  }

  /** The prefix of this one address: a /32 or a /128. */
  static host(address: Address): Prefix {
    return new Prefix(
      address.family,
      address.value,
      address.family === 4 ? 32 : 128,
      address.hostPrefix,
    );
  }

  /** Number of addresses, network and broadcast included. */
  get size(): bigint {
    return 1n << BigInt((this.family === 4 ? 32 : 128) - this.length);
  }

  contains(other: Prefix): boolean {
    return (
      this.family === other.family &&
      this.first <= other.first &&
      other.first + other.size <= this.first + this.size
    );
  }

  /** Prefixes never overlap by halves: one contains the other, or they are apart. */
  overlaps(other: Prefix): boolean {
    return this.contains(other) || other.contains(this);
  }

  toString(): string {
    return this.text;
  }
}

function hostBits(text: string, network: string): Fault {
  return new Fault(`"${text}" has host bits set`, `write ${network}`);
}
