import { Fault } from "./fault.ts";

const AMBIGUOUS =
  "some programs read 010 as eight (octal), others as ten: the two would not mean the same address";
/** Octets as programs and people write them loosely. */
const LOOSE_OCTET = /^(?:\d+|0x[0-9a-f]+)$/i;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:]*$/i;

/** Why a text is no prefix: the loose forms that people and other programs write, each with what to write instead. */
export function misreadPrefix(text: string): Fault {
  const notOne = new Fault(
    `"${text}" is not a prefix`,
    "write it as 10.64.0.0/12 or fd33:23a5:71c0::/48",
  );
  const [address = "", length, ...more] = text.split("/");
  if (length === undefined && IPV6.test(address))
    return new Fault(`"${text}" has no length`, `write ${text}/48, or the length meant`);
  const octets = readOctets(address);
  const meant = lengthOf(length);
  if (octets === undefined || meant === undefined || more.length > 0) return notOne;
  const fix = `write ${octets.decimal}/${meant}`;
  if (octets.slip !== undefined) return slipped(text, octets.slip, fix, "prefix-form");
  if (length === undefined)
    return new Fault(`"${text}" has no length`, `${fix}, or the length meant`);
  return new Fault(`"${text}" has a mask where its length belongs`, fix);
}

/** Why a text is no address. */
export function misreadAddress(text: string): Fault {
  const octets = readOctets(text.replace(/\/\d+$/, ""));
  if (octets === undefined)
    return new Fault(`"${text}" is not an address`, "write it as 10.64.0.1 or fd33::1");
  const fix = `write ${octets.decimal}`;
  if (octets.slip !== undefined) return slipped(text, octets.slip, fix, "address-form");
  return new Fault(`"${text}" is an address with a length`, fix);
}

interface Octets {
  /** The four octets in decimal, missing ones as zero. */
  readonly decimal: string;
  readonly slip?: string;
}

function readOctets(text: string): Octets | undefined {
  const octets = text.split(".");
  if (octets.length > 4 || !octets.every((octet) => LOOSE_OCTET.test(octet))) return undefined;
  const numbers = [...octets.map(Number), 0, 0, 0].slice(0, 4);
  if (numbers.some((number) => number > 255)) return undefined;
  const decimal = numbers.join(".");
  if (octets.some((octet) => /^0x/i.test(octet))) return { decimal, slip: HEXADECIMAL };
  if (octets.some((octet) => /^0\d/.test(octet))) return { decimal, slip: LEADING_ZERO };
  return octets.length < 4 ? { decimal, slip: "is a short form" } : { decimal };
}

const HEXADECIMAL = "has a hexadecimal octet";
const LEADING_ZERO = "has an octet with a leading zero";

function slipped(text: string, slip: string, fix: string, id: string): Fault {
  const reason = slip === LEADING_ZERO ? { id, why: AMBIGUOUS } : undefined;
  return new Fault(`"${text}" ${slip}`, fix, reason);
}

/** `16` and `255.255.0.0` are 16; what is missing is guessed as the usual LAN's. */
function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return 24;
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 32 ? Number(text) : undefined;
  return maskLength(text);
}

/** 24 for `255.255.255.0`; undefined for what is no mask. */
export function maskLength(text: string): number | undefined {
  const octets = readOctets(text);
  if (octets === undefined || octets.decimal !== text) return undefined;
  const bits = text
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
  return /^1+0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}
