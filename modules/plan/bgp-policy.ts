import type { Prefix } from "../core/prefix.ts";
import type { HubPeer, RouterPlan } from "./router-plan.ts";

type FamilyKey = "ipv4" | "ipv6";

/** More autonomous systems than any way through one kabupaten has. */
export const LONGEST_PATH = 8;

/**
 * What leaves a router towards the core, each prefix exactly: its own, its aggregates, and what its hubs may bring that
 * no aggregate covers. For software without BIRD's protocols to tell routes by where they came from.
 */
export function toCore(router: RouterPlan, key: FamilyKey): readonly Prefix[] {
  const aggregates = router.aggregates[key];
  const own = router.originates.map(({ prefix }) => prefix[key]);
  const below = router.hubs.flatMap(({ peers }) =>
    peers.flatMap(({ mayAnnounce }) => mayAnnounce[key]),
  );
  return [...own, ...below].filter(
    (prefix) =>
      !aggregates.some((aggregate) => aggregate.contains(prefix) && aggregate.text !== prefix.text),
  );
}

/** What a router believes nobody else about: its own prefixes with all inside, and its aggregates themselves. */
export function ownPrefixes(
  router: RouterPlan,
  key: FamilyKey,
): readonly { readonly prefix: Prefix; readonly inside: boolean }[] {
  return router.originates.map(({ via, prefix }) => ({
    prefix: prefix[key],
    inside: via !== "aggregate",
  }));
}

/** Neighbours on the segments that a router is a hub of: below it, and hubs beside it. */
export function hubNeighbours({ hubs }: RouterPlan): readonly HubPeer[] {
  return hubs.flatMap(({ peers, beside }) => [...peers, ...beside]);
}
