import { Address } from "../core/address.ts";
import type { Dual, DualAddress, DualPrefix } from "../core/dual.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";

const FORM = "write it as `IPV4 IPV6`, both prefixes or both addresses";

/** Reads a lock line's value into a pair of prefixes; addresses become a /32 and a /128. */
export function parseLockValue(value: string): DualPrefix | Fault {
  const parts = value.split(" ");
  if (parts.length !== 2) return new Fault(`"${value}" is not a pair`, FORM);
  const [ipv4, ipv6] = parts.map(parsePart) as [Prefix | Fault, Prefix | Fault];
  if (ipv4 instanceof Fault) return ipv4;
  if (ipv6 instanceof Fault) return ipv6;
  if (ipv4.family !== 4 || ipv6.family !== 6)
    return new Fault(`"${value}" has its families in the wrong order`, FORM);
  return { ipv4, ipv6 };
}

/** The value of a lock line: `10.68.3.0/24 fd33::/64`, or two addresses without a length. */
export function lockValue(pair: DualPrefix | DualAddress): string {
  return `${pair.ipv4.text} ${pair.ipv6.text}`;
}

/** The two addresses that a pair of a /32 and a /128 stands for. */
export function hostsOf(pair: DualPrefix): Dual<Address> {
  return {
    ipv4: Address.of(4, pair.ipv4.first),
    ipv6: Address.of(6, pair.ipv6.first),
  };
}

function parsePart(text: string): Prefix | Fault {
  const written = asWritten(text);
  if (written !== undefined) return written;
  if (text.includes("/")) return Prefix.parse(text);
  const address = Address.parse(text);
  return address instanceof Fault ? address : Prefix.host(address);
}

/**
 * IPv6 exactly as we write it, read without a general parser, which takes most of the time of a lock with thousands of
 * lines. Only what would be written the same again is taken; all else is for the parser, and its words.
 */
function asWritten(text: string): Prefix | undefined {
  const [, front, back, size] = WRITTEN.exec(text) ?? [];
  if (front === undefined || back === undefined) return undefined;
  const [head, tail] = [front, back].map((part) => (part === "" ? [] : part.split(":")));
  const zeros = GROUPS - head!.length - tail!.length;
  if (zeros < 2) return undefined;
  const groups = [...head!, ...Array<string>(zeros).fill("0"), ...tail!];
  const first = BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`);
  const length = size === undefined ? 128 : Number(size);
  if (length > 128 || (first & ((1n << BigInt(128 - length)) - 1n)) !== 0n) return undefined;
  const prefix = Prefix.of(6, first, length);
  return prefix.text === (size === undefined ? `${text}/128` : text) ? prefix : undefined;
}

const GROUPS = 8;
const WRITTEN =
  /^([0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)::((?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?)(?:\/(\d{1,3}))?$/;
