import type { DualPrefixes } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { failingOver, ownAddress } from "./failover-seats.ts";
import { atDrc, VOTER_PORT, VOTERS } from "./part-names.ts";
import type { Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";

/** Databases ask voters, and the two ends of one database each other. */
export function failoverOpenings(
  inventory: Inventory,
  { services }: AddressPlan,
  owner?: string,
): readonly Opening[] {
  const at = (names: readonly string[]): DualPrefixes =>
    prefixLists(names.map((name) => hostPrefix(services.get(name)!)));
  const ends = (name: string): readonly string[] => [ownAddress(name), ownAddress(atDrc(name))];
  const streamed = failingOver(inventory).filter(
    (vps) => owner === undefined || vps.owner === owner,
  );
  if (streamed.length === 0) return [];
  const asking = {
    name: "voters",
    from: at(streamed.flatMap(({ name }) => ends(name))),
    to: at(VOTERS),
    protocol: "tcp",
    port: VOTER_PORT,
  } as const;
  if (owner === undefined) return [asking];
  const streams = streamed.map(({ name }) => ({
    name: `standby-${name}`,
    from: at(ends(name)),
    to: at(ends(name)),
    protocol: "tcp" as const,
    port: 5432,
  }));
  return [asking, ...streams];
}
