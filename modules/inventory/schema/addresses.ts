import { Address } from "../../core/address.ts";
import { Fault } from "../../core/fault.ts";
import { maskLength } from "../../core/misread-address.ts";
import { Prefix } from "../../core/prefix.ts";
import { field } from "./field.ts";
import { certain } from "./values.ts";

/** Fields that hold prefixes, their lengths, and addresses: private ones only, each in its one canonical spelling. */

const RFC_1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) =>
  certain(Prefix.parse(text)),
);
const UNIQUE_LOCAL = certain(Prefix.parse("fd00::/8"));
const PREFIX_WHY = "every address is cut from it";

export const privateIpv4 = (example: string) =>
  field(
    (text) => {
      const prefix = Prefix.parse(text);
      if (prefix instanceof Fault || RFC_1918.some((block) => block.contains(prefix)))
        return prefix;
      if (prefix.family === 6)
        return new Fault(`"${text}" is an IPv6 prefix`, `write an IPv4 one, as ${example}`, {
          id: "prefix-form",
          why: "pools are given in IPv4; the plan cuts their IPv6 from the /48 itself",
        });
      return new Fault(
        `"${text}" is not a private IPv4 prefix`,
        "take it from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        {
          id: "address-not-private",
          why: "public addresses belong to others on the internet (RFC 1918)",
        },
      );
    },
    { id: "prefix-form", why: PREFIX_WHY, example },
  );

export const uniqueLocal48 = () =>
  field(
    (text) => {
      const prefix = Prefix.parse(text);
      if (prefix instanceof Fault) return prefix;
      if (UNIQUE_LOCAL.contains(prefix) && prefix.length === 48) return canonical(prefix, text);
      return new Fault(
        `"${text}" is not a unique local /48`,
        "write fd, 40 random bits and /48, such as fd33:23a5:71c0::/48",
        {
          id: "address-not-private",
          why: "a site has one /48 under fd00::/8, random so that two never meet (RFC 4193 section 3.2)",
        },
      );
    },
    { id: "prefix-form", why: PREFIX_WHY, example: "fd33:23a5:71c0::/48" },
  );

/** `/24` -> 24, both ends included; `whyNot` says why nothing longer. */
export const prefixLength = (least: number, most: number, example: string, whyNot?: string) =>
  field(
    (text) => {
      const length = /^\/([1-9]\d?)$/.exec(text)?.[1];
      if (length === undefined)
        return new Fault(
          `"${text}" is not a prefix length`,
          `write ${meantLength(text) ?? `it as ${example}`}`,
        );
      if (Number(length) >= least && Number(length) <= most) return Number(length);
      return new Fault(
        `"${text}" is not between /${least} and /${most}`,
        `write a length between /${least} and /${most}`,
        Number(length) > most && whyNot !== undefined
          ? { id: "prefix-length", why: whyNot }
          : undefined,
      );
    },
    { id: "prefix-length", why: "it says how many addresses there are", example },
  );

/** `24` and `255.255.255.0` are /24. */
function meantLength(text: string): string | undefined {
  const length = /^[1-9]\d?$/.test(text) ? text : maskLength(text);
  return length === undefined ? undefined : `/${length}`;
}

/** A private address: the centre reaches routers and other devices inside the kabupaten only. */
export const hostAddress = (example: string) =>
  field(
    (text) => {
      const address = Address.parse(text);
      if (address instanceof Fault) return address;
      if ([...RFC_1918, UNIQUE_LOCAL].some((block) => address.isIn(block))) {
        const value = canonical(address, text);
        return value instanceof Fault ? value : value.text;
      }
      return new Fault(
        `"${text}" is not a private address`,
        "write the one it has inside the kabupaten",
        {
          id: "address-not-private",
          why: "what is reached from the internet is open to all of it (RFC 1918, RFC 4193)",
        },
      );
    },
    { id: "address-form", why: "the centre reaches the router there", example },
  );

/** One spelling for one address, so that a search finds it everywhere (RFC 5952). */
function canonical<T extends { readonly text: string }>(value: T, text: string): T | Fault {
  return value.text === text
    ? value
    : new Fault(`"${text}" is not in its canonical form`, `write ${value.text}`);
}
