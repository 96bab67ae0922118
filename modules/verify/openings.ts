import type { Address } from "../core/address.ts";
import type { DualPrefixes } from "../core/dual.ts";
import type { FirewallPlan, Opening } from "../plan/router-plan.ts";

/** Whether a gateway lets a new TCP connection from `source` to `destination` through. */
export function permits(
  { forward, openings }: FirewallPlan,
  source: Address,
  destination: Address,
  port: number,
): boolean {
  if (forward === "open") return true;
  return openings.some(
    (opening) =>
      opening.protocol === "tcp" &&
      opening.port === port &&
      matches(opening.from, source) &&
      matches(opening.to, destination),
  );
}

/** TCP ports of a server that its gateway opens to anybody at all. */
export function openedPorts({ openings }: FirewallPlan, destination: Address): readonly number[] {
  const ports = openings
    .filter(({ protocol, to }: Opening) => protocol === "tcp" && matches(to, destination))
    .flatMap(({ port }) => port ?? []);
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

function matches(prefixes: DualPrefixes | undefined, address: Address): boolean {
  if (prefixes === undefined) return true;
  return (address.family === 4 ? prefixes.ipv4 : prefixes.ipv6).some((prefix) =>
    address.isIn(prefix),
  );
}
