import { Fault } from "./fault.ts";

const AMBIGUOUS = {
  id: "prefix-form",
  why: "some programs read 010 as eight (octal), others as ten: the two would filter different networks",
};

/** Why a text is no prefix: the loose forms that people and other programs write, each with what to write instead. */
export function misreadPrefix(text: string): Fault {
  const [address = "", length, ...more] = text.split("/");
  const isIpv6 = /^[0-9a-f:]*:[0-9a-f:]*$/i.test(address);
  if (length === undefined && isIpv6)
    return new Fault(`"${text}" has no length`, `write ${text}/48, or the length meant`);
  const octets = address.split(".");
  if (isIpv6 || more.length > 0 || !octets.every((octet) => /^(?:\d+|0x[0-9a-f]+)$/i.test(octet)))
    return notOne(text);
  const decimal = [...octets.map(Number), 0, 0, 0].slice(0, Math.max(4, octets.length)).join(".");
  const meant = lengthOf(length);
  if (!isAddress(decimal) || meant === undefined) return notOne(text);
  const fix = `write ${decimal}/${meant}`;
  if (octets.some((octet) => /^0x/i.test(octet)))
    return new Fault(`"${text}" has a hexadecimal octet`, fix);
  if (octets.some((octet) => /^0\d/.test(octet)))
    return new Fault(`"${text}" has an octet with a leading zero`, fix, AMBIGUOUS);
  if (octets.length < 4) return new Fault(`"${text}" is a short form`, fix);
  if (length === undefined)
    return new Fault(`"${text}" has no length`, `${fix}, or the length meant`);
  return new Fault(`"${text}" has a mask where its length belongs`, fix);
}

/** `16` and `255.255.0.0` are 16; what is missing is guessed as the usual LAN's. */
function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return 24;
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 32 ? Number(text) : undefined;
  return maskLength(text);
}

/** 24 for `255.255.255.0`; undefined for what is no mask. */
export function maskLength(text: string): number | undefined {
  if (!isAddress(text)) return undefined;
  const bits = text
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
  return /^1+0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

function isAddress(text: string): boolean {
  return (
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((octet) => Number(octet) < 256)
  );
}

function notOne(text: string): Fault {
  return new Fault(`"${text}" is not a prefix`, "write it as 10.64.0.0/12 or fd33:23a5:71c0::/48");
}
