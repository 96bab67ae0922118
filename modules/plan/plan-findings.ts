import type { Diagnostic, Place } from "../core/diagnostic.ts";
import type { Fault } from "../core/fault.ts";

/** A lock line whose value is no pair of prefixes or addresses. */
export function lockUnreadable(at: Place, key: string, fault: Fault): Diagnostic {
  return {
    id: "lock-unreadable",
    severity: "error",
    at,
    what: `${key}: ${fault.what}`,
    why: "the lock pins what is in use; a line that cannot be read could be given out twice",
    fix: fault.fix,
  };
}

/** Two lock lines that claim the same addresses. */
export function lockOverlap(
  at: Place,
  key: string,
  text: string,
  holder: string,
  held: string,
  place: Place,
): Diagnostic {
  return {
    id: "lock-overlap",
    severity: "error",
    at,
    what: `${key} has ${text}, which overlaps ${held} of ${holder} (line ${place.line})`,
    why: "two owners of one address: packets reach whichever announces it better",
    fix: "run simpul ip lock --repair HEAD^1 (main before the merge: its lines stay, the other gives way)",
  };
}

/** A lock line that no longer fits what the inventory asks for. */
export function contradictsLock(
  at: Place,
  key: string,
  text: string,
  wanted: string,
  wish: Place,
): Diagnostic {
  return {
    id: "lock-contradicts-inventory",
    severity: "error",
    at,
    what: `${key} is pinned to ${text}, but ${wish.file}:${wish.line} asks for ${wanted}`,
    why: "what is pinned is in use on devices; moving it cuts them off",
    fix: `keep the inventory as it was, or remove the line "${key}" to be given new addresses`,
  };
}

/** An address that the inventory asks for by number and somebody else has. */
export function addressTaken(at: Place, key: string, text: string, holder: string): Diagnostic {
  return {
    id: "address-taken",
    severity: "error",
    at,
    what: `${key} asks for ${text}, which ${holder} has`,
    why: "two owners of one address: packets reach whichever announces it better",
    fix: "write another address of the pool management (simpul ip free), and set the device to it",
  };
}

/** Why there is no room for one more, in words. */
export interface NoRoom {
  readonly key: string;
  /** Of what was asked for. */
  readonly length: number;
  /** What is full, by name and prefix. */
  readonly space: string;
  /** What is free in it: `2 x /26`, or `nothing`. */
  readonly free: string;
  /** What it is a part of, and what is free in that. */
  readonly parent?: string;
  /** Numbers that rest in it. */
  readonly resting?: string;
  readonly fix: string;
}

/** A space without room for one more prefix of the wanted length. */
export function poolExhausted(
  at: Place,
  { key, length, space, free, parent, resting, fix }: NoRoom,
): Diagnostic {
  const missing =
    length === 32 || length === 128
      ? `every address of ${space} is taken`
      : free === "nothing"
        ? `nothing is free in ${space}`
        : `${space} has no free /${length}, only ${free}`;
  return {
    id: "pool-exhausted",
    severity: "error",
    at,
    what: [`no room for ${key}: ${missing}`, parent, resting]
      .filter((part) => part !== undefined)
      .join("; "),
    why: "every prefix is given out once",
    fix,
  };
}

/** Two owners of one DNS name. */
export function nameTaken(at: Place, name: string, other: Place): Diagnostic {
  return {
    id: "name-taken",
    severity: "error",
    at,
    what: `${name} is claimed here and at ${other.file}:${other.line}`,
    why: "one name must lead to one service",
    fix: "choose another name for one of the two",
  };
}

/** What was allocated now and would move if somebody else's pull request came first. */
export function notLocked(at: Place, keys: readonly string[]): Diagnostic {
  const shown = keys.slice(0, 4).join(", ");
  return {
    id: "not-in-lock",
    severity: "info",
    at,
    what: `${keys.length} allocations are not in the lock: ${shown}${keys.length > 4 ? ", …" : ""}`,
    why: "they are new; deploy pins them before it builds anything",
    fix: "run simpul ip lock when the pull request is merged",
  };
}

/** An ASN in the lock that is none of this kabupaten's. */
export function asnUnreadable(
  at: Place,
  key: string,
  value: string,
  first: number,
  last: number,
): Diagnostic {
  return {
    id: "lock-unreadable",
    severity: "error",
    at,
    what: `${key} is "${value}", not an ASN of this kabupaten`,
    why: `its routers have ${first} to ${last}, private 4-byte ASNs (RFC 6996)`,
    fix: `remove the line and run simpul ip lock`,
  };
}

/** One ASN pinned for two routers: reported at each of the two lines. */
export function asnTwice(at: Place, key: string, asn: number, other: Place): Diagnostic {
  return {
    id: "lock-asn-twice",
    severity: "error",
    at,
    what: `${key} has ${asn}, which line ${other.line} gives to another router`,
    why: "a router drops every route with its own ASN in the path (RFC 4271 section 9.1.2): the two would not see each other",
    fix: "run simpul ip lock --repair HEAD^1 (main before the merge: its lines stay, the other gives way)",
  };
}

/** More routers than a kabupaten's range of ASNs has numbers. */
export function asnsExhausted(at: Place, key: string, count: number): Diagnostic {
  return {
    id: "asns-exhausted",
    severity: "error",
    at,
    what: `no ASN is left for ${key}`,
    why: `a kabupaten has ${count}, so that no two in Indonesia share one`,
    fix: "remove lines of routers that are gone from the lock",
  };
}
