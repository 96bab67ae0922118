import { Address } from "./address.ts";
import { Fault } from "./fault.ts";
import { Prefix } from "./prefix.ts";

/** An address and the segment it stands on, as providers write it: `203.0.113.10/29`. Immutable. */
export class InterfaceAddress {
  private constructor(
    readonly address: Address,
    /** Of the segment. */
    readonly prefix: Prefix,
  ) {}

  /** Reads `203.0.113.10/29` or `2001:db8:7::2/64`; the segment's first and, in IPv4, last address are nobody's. */
  static parse(text: string): InterfaceAddress | Fault {
    const [host, length, ...rest] = text.split("/");
    const address = Address.parse(host ?? "");
    if (address instanceof Fault || length === undefined || rest.length > 0)
      return new Fault(
        `"${text}" is not an address with its length`,
        "write it as 203.0.113.10/29 or 2001:db8:7::2/64",
      );
    const bits = address.family === 4 ? 32 : 128;
    if (!/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits)
      return new Fault(`"${text}" has no length between /0 and /${bits}`, "write it as /29 or /64");
    const hostBits = BigInt(bits - Number(length));
    const prefix = Prefix.of(
      address.family,
      (address.value >> hostBits) << hostBits,
      Number(length),
    );
    return isHostOf(address, prefix)
      ? new InterfaceAddress(address, prefix)
      : new Fault(
          `"${text}" is the network's own address or its broadcast address`,
          `write a host inside ${prefix.text}`,
        );
  }

  toString(): string {
    return `${this.address.text}/${this.prefix.length}`;
  }
}

/** Whether somebody can have this address on a segment of that prefix (RFC 919, 3021, 6164; RFC 4291 section 2.6.1). */
export function isHostOf(address: Address, prefix: Prefix): boolean {
  if (prefix.size <= 2n) return address.isIn(prefix);
  const last = prefix.first + prefix.size - 1n;
  return (
    address.isIn(prefix) &&
    address.value !== prefix.first &&
    (address.family === 6 || address.value !== last)
  );
}
