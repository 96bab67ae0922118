import { Address } from "../../core/address.ts";
import { ByteSize } from "../../core/byte-size.ts";
import { Duration } from "../../core/duration.ts";
import { Fault } from "../../core/fault.ts";
import { parseEmail } from "../../core/email.ts";
import { Hostname, parseLabel } from "../../core/hostname.ts";
import { parseKemendagriCode, type AdministrativeLevel } from "../../core/kemendagri-code.ts";
import { parsePhoneNumber } from "../../core/phone-number.ts";
import { Prefix } from "../../core/prefix.ts";
import { parseSlug } from "../../core/slug.ts";
import { Rate } from "../../core/rate.ts";
import { field } from "./field.ts";

/** Fields that several kinds share. Each call is one field; the meaning goes with it. */

export const slug = (why: string, example: string) =>
  field(parseSlug, { id: "slug-form", why, example });

export const byteSize = (example: string) =>
  field(ByteSize.parse, {
    id: "size-form",
    why: "memory and disk are sold and limited in binary units",
    example,
  });

/** Both ends included. */
export const byteSizeBetween = (least: string, most: string, example: string) => {
  const [smallest, largest] = [certain(ByteSize.parse(least)), certain(ByteSize.parse(most))];
  return field(
    (text) => {
      const size = ByteSize.parse(text);
      if (size instanceof Fault || (size.bytes >= smallest.bytes && size.bytes <= largest.bytes))
        return size;
      return new Fault(
        `"${text}" is not between ${least} and ${most}`,
        `write a size between ${least} and ${most}`,
        {
          id: "size-out-of-range",
          why: "less does not start and more is no virtual server's size",
        },
      );
    },
    { id: "size-form", why: "memory and disk are sold and limited in binary units", example },
  );
};

export const rate = (example: string) =>
  field(Rate.parse, { id: "rate-form", why: "lines are sold in decimal bits per second", example });

export const duration = (example: string) =>
  field(Duration.parse, { id: "time-form", why: "schedules count in one unit", example });

export const label = (example: string) =>
  field(parseLabel, {
    id: "label-form",
    why: "it becomes one label of a host name (RFC 1123)",
    example,
  });

export const code = (level: AdministrativeLevel, example: string) =>
  field(parseKemendagriCode(level), {
    id: "code-form",
    why: "areas are known by the Ministry of Home Affairs' code",
    example,
  });

export const email = () =>
  field(parseEmail, {
    id: "email-form",
    why: "incidents and reports are sent there",
    example: "tik@dindikpora.temanggungkab.go.id",
  });

export const phone = () =>
  field(parsePhoneNumber, {
    id: "phone-form",
    why: "it is called when mail does not arrive",
    example: '"+62 293 491004"',
  });

/** Leaves room for two labels of 63 and `intra` before the 253 characters of a name are full (RFC 1035). */
const LONGEST_DOMAIN = 115;

/** A domain of the Indonesian government. */
export const governmentDomain = () =>
  field(
    (text) => {
      const name = Hostname.parse(text);
      if (name instanceof Fault) return name;
      if (name.text.length > LONGEST_DOMAIN)
        return new Fault(`"${text}" is longer than ${LONGEST_DOMAIN} characters`, "shorten it");
      if (name.text.endsWith(".go.id")) return name;
      return new Fault(
        `"${text}" is not a domain under go.id`,
        "write the registered domain, such as temanggungkab.go.id",
        {
          id: "domain-not-government",
          why: "local governments use .go.id (Permenkominfo 5/2015 on domain names of state bodies)",
        },
      );
    },
    { id: "domain-form", why: "every public name ends in it", example: "temanggungkab.go.id" },
  );

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
      if (prefix instanceof Fault || (UNIQUE_LOCAL.contains(prefix) && prefix.length === 48))
        return prefix;
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

/** `/24` -> 24, both ends included. */
export const prefixLength = (least: number, most: number, example: string) =>
  field(
    (text) => {
      const length = /^\/([1-9]\d?)$/.exec(text)?.[1];
      if (length === undefined)
        return new Fault(
          `"${text}" is not a prefix length`,
          /^[1-9]\d?$/.test(text) ? `write /${text}` : `write it as ${example}`,
        );
      if (Number(length) >= least && Number(length) <= most) return Number(length);
      return new Fault(
        `"${text}" is not between /${least} and /${most}`,
        `write a length between /${least} and /${most}`,
      );
    },
    { id: "prefix-length", why: "it says how many addresses there are", example },
  );

/** A private address: the centre reaches routers and other devices inside the kabupaten only. */
export const hostAddress = (example: string) =>
  field(
    (text) => {
      const address = Address.parse(text);
      if (address instanceof Fault) return address;
      if ([...RFC_1918, UNIQUE_LOCAL].some((block) => address.isIn(block))) return address.text;
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

/** For our own constants. */
function certain<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
