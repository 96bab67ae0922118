import * as v from "valibot";

import { parseAccount } from "../../core/account.ts";
import { ByteSize } from "../../core/byte-size.ts";
import { Duration } from "../../core/duration.ts";
import { Fault } from "../../core/fault.ts";
import { parseEmail } from "../../core/email.ts";
import { Hostname, parseLabel } from "../../core/hostname.ts";
import { parseKemendagriCode, type AdministrativeLevel } from "../../core/kemendagri-code.ts";
import { parsePhoneNumber } from "../../core/phone-number.ts";
import { parseSlug } from "../../core/slug.ts";
import { Rate } from "../../core/rate.ts";
import { list } from "./collections.ts";
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

/** Quarters of a processor, from one quarter. */
export const processors = (example: string, most: number) =>
  field(
    (text) => {
      const cpu = /^(?:0|[1-9]\d{0,5})(?:\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
      if (cpu >= 0.25 && cpu <= most && Number.isInteger(cpu * 4)) return cpu;
      return new Fault(
        `"${text}" is not a number of processors`,
        `write a multiple of 0.25 up to ${most}`,
      );
    },
    { id: "cpu-form", why: "processors are shared out in quarters", example },
  );

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

/** Who approves changes: people and teams of the service that keeps the repository; nobody where it is not written. */
export const maintainers = () =>
  v.optional(
    list(
      field(parseAccount, {
        id: "account-form",
        why: "CODEOWNERS and the pull request say by it who approves",
        example: '"@dindik-tik"',
      }),
      0,
      '["@dindik-tik"]',
    ),
    () => [],
  );

/** Linux: at most 15 characters (IFNAMSIZ). */
export const interfaceName = (example: string) =>
  field(
    (text) =>
      /^[a-z][a-z0-9._-]{0,14}$/.test(text)
        ? text
        : new Fault(`"${text}" is not a network interface's name`, "write it as eth1"),
    { id: "interface-form", why: "it is an interface of the engine's host", example },
  );

/** For our own constants. */
export function certain<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
