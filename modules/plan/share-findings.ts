import type { Diagnostic } from "../core/diagnostic.ts";
import { keyOf, type Claim } from "./claim.ts";

/** A POP's share takes in what is free beside it. */
export function shareGrows(claim: Claim, pinned: string, grown: string): Diagnostic {
  return {
    id: "share-grows",
    severity: "info",
    at: claim.at,
    what: `the share of ${claim.owner} in the pool ${claim.name} grows from ${pinned} to ${grown}`,
    why: "the larger prefix contains the smaller one: what stands in it stays",
    fix: "nothing to do: it is written into the lock, and the POP announces the larger one",
  };
}

/** A POP's share whose larger prefix another POP has, or that the pool does not hold; `would` names that. */
export function shareCannotGrow(
  claim: Claim,
  pinned: string,
  grown: string,
  would: string,
): Diagnostic {
  return {
    id: "share-cannot-grow",
    severity: "error",
    at: claim.at,
    what: `the share of ${claim.owner} in the pool ${claim.name} is ${pinned} and cannot grow to ${grown}, which would ${would}`,
    why: "each POP announces one prefix of a pool, and LANs in it keep their addresses",
    fix: `keep its size, or remove the line "${keyOf(claim)}" from the lock: the share is cut elsewhere, and LANs that stand stay, each with a route of its own`,
  };
}
