import { hubNeighbours } from "../plan/bgp-policy.ts";
import { HUB_MARGIN, MOST_ROUTES, type Device } from "../plan/device.ts";
import type { NeighbourPlan } from "../plan/router-plan.ts";
import { type Family, FAMILIES, interfaceOn } from "./bird-names.ts";
import { sortedPrefixes } from "./prefix-list.ts";
import { fromPeer } from "./routeros-filters.ts";
import { routerosMenu } from "./routeros-text.ts";

/** Sessions of both families, each by itself, guarded by BFD (RFC 5880) and by the hop limit (RFC 5082). */
export function routerosBgp(device: Device): readonly string[] {
  const { router, ports } = device;
  const intervals = new Map(
    [...router.uplinks, ...hubNeighbours(router)].map((one) => [one.segment, one.bfdInterval]),
  );
  return [
    ...routerosMenu(
      "/routing/bfd/configuration",
      ports.flatMap(({ segment, names }) => {
        const milliseconds = intervals.get(segment);
        if (milliseconds === undefined) return [];
        const every = milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
        return [`add interfaces=${names[0]} min-rx=${every} min-tx=${every} multiplier=3`];
      }),
    ),
    ...FAMILIES.flatMap(({ key, number }) =>
      routerosMenu(
        key === "ipv4" ? "/ip/firewall/address-list" : "/ipv6/firewall/address-list",
        sortedPrefixes(router.originates.map(({ prefix }) => prefix[key])).map(
          ({ text }) => `add list=own${number} address=${text}`,
        ),
      ),
    ),
    ...routerosMenu("/routing/bgp/instance", [
      `add name=simpul as=${router.asn} router-id=${router.loopback.ipv4.text}`,
    ]),
    ...routerosMenu(
      "/routing/bgp/connection",
      FAMILIES.flatMap((family) => [
        ...router.uplinks.map((one) =>
          connection(device, one, family, {
            input: `from-uplink${family.number}`,
            output: `to-uplink${family.number}`,
            most: MOST_ROUTES,
          }),
        ),
        ...hubNeighbours(router).map((peer) =>
          connection(device, peer, family, {
            input: fromPeer(peer, family),
            output: `to-hub${family.number}`,
            most: peer.mayAnnounce[family.key].length + HUB_MARGIN,
          }),
        ),
      ]),
    ),
  ];
}

interface Policy {
  readonly input: string;
  readonly output: string;
  readonly most: number;
}

function connection(
  { router }: Device,
  { router: name, segment, address, asn }: NeighbourPlan,
  { key, number }: Family,
  { input, output, most }: Policy,
): string {
  const own = interfaceOn(router, segment).address[key];
  return [
    `add name=${name}-${segment}-${number} instance=simpul afi=${key === "ipv4" ? "ip" : "ipv6"}`,
    `remote.address=${address[key].text} remote.as=${asn} remote.ttl=255`,
    `local.address=${own.text} local.role=ebgp local.ttl=255`,
    "connect=yes listen=yes multihop=no nexthop-choice=force-self hold-time=30s keepalive-time=10s use-bfd=yes",
    `input.filter=${input} input.limit-process-routes-${key}=${most}`,
    `output.filter-chain=${output} output.network=own${number}`,
    // Of what was learnt only hubs hand anything on, in either direction.
    ...(router.hubs.length > 0 ? ["output.redistribute=bgp"] : []),
  ].join(" ");
}
