import type { Diagnostic, Place } from "../core/diagnostic.ts";
import { Address } from "../core/address.ts";
import type { Prefix } from "../core/prefix.ts";

const RENUMBER = (owner: string): string =>
  `remove the line "lan/${owner}" from the lock to renumber it, with its devices`;

/** A pinned LAN whose larger prefix somebody else has, or that lies across an edge; `would` names that. */
export function lanCannotGrow(
  at: Place,
  owner: string,
  pinned: string,
  grown: string,
  would: string,
): Diagnostic {
  return {
    id: "lan-cannot-grow",
    severity: "error",
    at,
    what: `the LAN of ${owner} is ${pinned} and cannot grow to ${grown}, which would ${would}`,
    why: "devices keep their addresses only when the larger prefix contains the smaller one",
    fix: `keep its size, or ${RENUMBER(owner)}`,
  };
}

/** A pinned LAN that is asked to be smaller. */
export function lanCannotShrink(
  at: Place,
  owner: string,
  pinned: string,
  length: number,
): Diagnostic {
  return {
    id: "lan-cannot-shrink",
    severity: "error",
    at,
    what: `the LAN of ${owner} is ${pinned}, and the inventory asks for a /${length}`,
    why: "devices may stand anywhere in it, and those in the part that goes would be cut off",
    fix: `keep its size, or ${RENUMBER(owner)}`,
  };
}

/** A LAN grows in place; its router is the first host, which moves when the old prefix is the upper part. */
export function lanGrows(at: Place, owner: string, pinned: Prefix, grown: Prefix): Diagnostic {
  const [before, after] = [pinned, grown].map((prefix) => Address.inside(prefix, 1n).text);
  const moves = before !== after;
  return {
    id: "lan-grows",
    severity: moves ? "warning" : "info",
    at,
    what: `the LAN of ${owner} grows from ${pinned.text} to ${grown.text}${moves ? `, and its router moves from ${before} to ${after}` : ""}`,
    why: "the larger prefix contains the smaller one: devices keep their addresses",
    fix: moves
      ? `have the agency's DHCP hand out ${after} as router and /${grown.length} as length`
      : `have the agency's DHCP hand out /${grown.length} as length`,
  };
}
