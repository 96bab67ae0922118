import { hubNeighbours, LONGEST_PATH, ownPrefixes, toCore } from "../plan/bgp-policy.ts";
import type { Device } from "../plan/device.ts";
import type { HubPeer } from "../plan/router-plan.ts";
import { EVERYWHERE, type Family } from "./bird-names.ts";
import { frrBlock } from "./frr-text.ts";
import { sortedPrefixes } from "./prefix-list.ts";

/** Paths that are not longer than any way through one kabupaten. */
export const SHORT_PATH = `bgp as-path access-list short-path seq 5 permit ^[0-9]+( [0-9]+){0,${LONGEST_PATH - 1}}$`;

/** Prefix lists and route maps of one family, as modules/render/bird-filters.ts has them for BIRD. */
export function frrFilters({ router, block }: Device, family: Family): readonly string[] {
  const { key, number } = family;
  const ip = key === "ipv4" ? "ip" : "ipv6";
  const longest = key === "ipv4" ? 32 : 128;
  const list = (name: string, entries: readonly string[]): string =>
    [
      ...entries.map((entry, at) => `${ip} prefix-list ${name} seq ${(at + 1) * 5} ${entry}`),
      "!",
    ].join("\n");
  const within = (text: string, length: number): string =>
    length === longest ? text : `${text} le ${longest}`;
  const own = ownPrefixes(router, key).map(({ prefix, inside }) =>
    inside ? `deny ${within(prefix.text, prefix.length)}` : `deny ${prefix.text}`,
  );
  // Of a link-local and a global next hop the global one is taken, as in BIRD.
  const global = number === 6 ? ["set ipv6 next-hop prefer-global"] : [];
  const uplink =
    router.uplinks.length === 0
      ? []
      : [
          list(`from-uplink${number}`, [
            ...own.toSorted(),
            `permit ${within(block[key].text, block[key].length)}`,
            ...(router.internet.includes(key) ? [`permit ${EVERYWHERE[key]}`] : []),
          ]),
          frrBlock(`route-map from-uplink${number} permit 10`, [
            `match ${ip} address prefix-list from-uplink${number}`,
            "match as-path short-path",
            ...global,
          ]),
          list(
            `to-uplink${number}`,
            sortedPrefixes(toCore(router, key)).map(({ text }) => `permit ${text}`),
          ),
          frrBlock(`route-map to-uplink${number} permit 10`, [
            `match ${ip} address prefix-list to-uplink${number}`,
          ]),
        ];
  const peers = hubNeighbours(router);
  return [
    ...uplink,
    ...peers.flatMap((peer) => {
      const leadsOut = peer.mayLeadOut?.includes(key) ?? false;
      const allowed = [
        ...sortedPrefixes(peer.mayAnnounce[key]).map(({ text }) => `permit ${text}`),
        ...(leadsOut ? [`permit ${EVERYWHERE[key]}`] : []),
      ];
      const name = peerFilter(peer, family);
      return [
        list(name, allowed.length > 0 ? allowed : [`deny ${EVERYWHERE[key]}`]),
        frrBlock(`route-map ${name} permit 10`, [
          `match ${ip} address prefix-list ${name}`,
          "match as-path short-path",
          ...global,
        ]),
      ];
    }),
    ...(peers.length > 0 ? [frrBlock(`route-map to-hub${number} permit 10`, [])] : []),
    frrBlock(`route-map source${number} permit 10`, [`set src ${router.source[key].text}`]),
  ];
}

/** Name of what one neighbour of a hub may announce. */
export function peerFilter({ router, segment }: HubPeer, { number }: Family): string {
  return `from-${router}-${segment}-${number}`;
}
