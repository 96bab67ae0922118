import { Prefix } from "../core/prefix.ts";
import { seatKey, type AddressPlan } from "./address-plan.ts";
import type { ServerRoute } from "./router-plan.ts";
import type { ServerSeat } from "./servers.ts";

/**
 * Makes a path longer than any by which the other site is heard, a core further. A service that was moved to the DRC stays
 * there though the Pusat Data comes back and announces it again before anybody could tell it not to.
 */
const SECOND_PREPENDS = 2;

/** What a gateway brings into BGP for one server behind it. */
export function serverRoutes(
  { name, tenant, service, shared, own, site, announcing }: ServerSeat,
  { services, hosts }: AddressPlan,
): readonly ServerRoute[] {
  const to = (address: string) => {
    const { ipv4, ipv6 } = services.get(address)!;
    return {
      via: "server" as const,
      prefix: { ipv4: Prefix.host(ipv4), ipv6: Prefix.host(ipv6) },
      server: hosts.get(seatKey(tenant, name))!,
    };
  };
  if (announcing === "never") return [];
  const atHome = site === "pusat-data";
  const second = { prepend: SECOND_PREPENDS };
  const moves = announcing === "moves";
  return [
    {
      ...to(service),
      ...(announcing !== "always" && { elsewhere: true }),
      ...(moves && atHome && second),
      ...(moves && { move: { service, announced: atHome } }),
    },
    ...(own === undefined ? [] : [to(own)]),
    ...(shared === undefined
      ? []
      : [
          {
            ...to(shared.service),
            elsewhere: true as const,
            ...(shared.as === "fallback" && second),
          },
        ]),
  ];
}
