import { createHash } from "node:crypto";

import type {
  InterfacePlan,
  OriginatedRoute,
  RouterPlan,
  RouteSwitch,
  ServerRoute,
} from "../plan/router-plan.ts";

/** Address family in the words of the plan, of BIRD, and of names. */
export interface Family {
  readonly key: "ipv4" | "ipv6";
  readonly number: 4 | 6;
}

/** The default route: the whole internet. */
export const EVERYWHERE = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;

export const FAMILIES: readonly Family[] = [
  { key: "ipv4", number: 4 },
  { key: "ipv6", number: 6 },
];

/** BIRD's symbols have at most 64 bytes, and dynamic ones get a number behind. */
const LONGEST = 56;

/** A symbol from slugs: `hub4`, `access-parakan` give `hub4_access_parakan`; a long one ends in a hash of itself. */
export function birdName(...slugs: readonly string[]): string {
  const name = slugs.join("_").replaceAll("-", "_");
  if (name.length <= LONGEST) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST - 9)}_${hash}`;
}

export function interfaceOn(router: RouterPlan, segment: string): InterfacePlan {
  const found = router.interfaces.find((one) => one.segment === segment);
  if (!found) throw new Error(`router ${router.name} does not stand on segment ${segment}`);
  return found;
}

/** Protocol of a service that can be switched: `moves4_ppdb_online`. */
export function moveProtocol(service: string, { number }: Family): string {
  return birdName(`moves${number}`, service);
}

/** Whether a route has a protocol of its own, to be switched. */
export function isSwitched(
  route: OriginatedRoute,
): route is ServerRoute & { readonly move: RouteSwitch } {
  return route.via === "server" && route.move !== undefined;
}
