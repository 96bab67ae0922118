import * as v from "valibot";

import { Address } from "../../core/address.ts";
import { Fault } from "../../core/fault.ts";
import { Prefix } from "../../core/prefix.ts";
import { parseSlug } from "../../core/slug.ts";
import type { EgressTarget } from "../model.ts";
import { list, mapping } from "./collections.ts";
import { choice, field, wholeNumber } from "./field.ts";

const EXAMPLE = "[{ to: 203.0.113.80, port: 443 }]";

/** To whom servers may open connections; what is not written here or in kabupaten.yaml stays closed. */
export const egressSchema = v.optional(
  list(
    mapping(
      {
        to: field(parseTarget, {
          id: "egress-form",
          why: "a server asks nobody but whom its file names",
          example: "203.0.113.80",
        }),
        port: wholeNumber(1, 65_535, { why: "it is the port that is asked", example: "443" }),
        protocol: v.optional(choice(["tcp", "udp"], "a port belongs to TCP or to UDP"), "tcp"),
      },
      "{ to: 203.0.113.80, port: 443 }",
    ),
    0,
    EXAMPLE,
  ),
  () => [],
);

/** `internet`, a prefix, an address, or the name of a VPS. */
function parseTarget(text: string): EgressTarget | Fault {
  if (text === "internet") return { kind: "internet" };
  if (/^[0-9.]+(?:\/|$)|:/.test(text)) {
    const prefix = text.includes("/") ? Prefix.parse(text) : hostOf(text);
    if (prefix instanceof Fault) return prefix;
    if (prefix.length > 0) return { kind: "prefix", prefix };
    return new Fault(`"${text}" is everybody`, "write internet");
  }
  const name = parseSlug(text);
  return name instanceof Fault
    ? new Fault(
        `"${text}" is neither internet, an address, a prefix nor the name of a VPS`,
        "write one of these",
      )
    : { kind: "vps", name };
}

function hostOf(text: string): Prefix | Fault {
  const address = Address.parse(text);
  return address instanceof Fault ? address : Prefix.host(address);
}
