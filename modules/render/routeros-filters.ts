import type { Prefix } from "../core/prefix.ts";
import { hubNeighbours, LONGEST_PATH, ownPrefixes, toCore } from "../plan/bgp-policy.ts";
import type { Device } from "../plan/device.ts";
import type { HubPeer } from "../plan/router-plan.ts";
import { EVERYWHERE, type Family, FAMILIES } from "./bird-names.ts";
import { sortedPrefixes } from "./prefix-list.ts";
import { routerosMenu, routerosString } from "./routeros-text.ts";

/** Routing filters, as modules/render/bird-filters.ts has them for BIRD; a chain ends in reject by itself, and says so. */
export function routerosFilters({ router, block }: Device): readonly string[] {
  const rules = FAMILIES.flatMap((family) => {
    const { key, number } = family;
    const uplink =
      router.uplinks.length === 0
        ? []
        : [
            ...chain(`from-uplink${number}`, [
              ...ownPrefixes(router, key).map(
                ({ prefix, inside }) =>
                  `if (dst ${inside ? "in" : "=="} ${prefix.text}) { reject }`,
              ),
              ...[
                `dst in ${block[key].text}`,
                ...(router.internet.includes(key) ? [`dst == ${EVERYWHERE[key]}`] : []),
              ].map((match) => `if (${match} && bgp-path-len <= ${LONGEST_PATH}) { accept }`),
              "reject",
            ]),
            ...chain(`to-uplink${number}`, exactly(toCore(router, key))),
          ];
    const peers = hubNeighbours(router);
    return [
      ...uplink,
      ...peers.flatMap((peer) => chain(fromPeer(peer, family), fromPeerRules(peer, family))),
      ...(peers.length > 0 ? chain(`to-hub${number}`, ["accept"]) : []),
    ];
  });
  return routerosMenu("/routing/filter/rule", rules);
}

/** Name of the chain for what one neighbour of a hub may announce. */
export function fromPeer({ router, segment }: HubPeer, { number }: Family): string {
  return `from-${router}-${segment}-${number}`;
}

function fromPeerRules(peer: HubPeer, { key }: Family): readonly string[] {
  const leadsOut = peer.mayLeadOut?.includes(key) ?? false;
  return [
    `if (bgp-path-len > ${LONGEST_PATH}) { reject }`,
    ...(leadsOut ? [`if (dst == ${EVERYWHERE[key]}) { accept }`] : []),
    ...exactly(peer.mayAnnounce[key]),
  ];
}

function exactly(prefixes: readonly Prefix[]): readonly string[] {
  return [
    ...sortedPrefixes(prefixes).map(({ text }) => `if (dst == ${text}) { accept }`),
    "reject",
  ];
}

function chain(name: string, rules: readonly string[]): readonly string[] {
  return rules.map((rule) => `add chain=${name} rule=${routerosString(rule)}`);
}
