import type { Inventory, Vps } from "../inventory/model.ts";

/** One resource of the Pusat Data, in its own unit. */
export interface Room {
  readonly resource: "cpu" | "memory" | "disk";
  /** Promised to VPS before and after the change, and what the site has: processors, or mebibytes. */
  readonly before: number;
  readonly after: number;
  readonly capacity: number;
}

/** What is promised of the Pusat Data, of all agencies or of one. */
export function roomOf(before: Inventory, after: Inventory): readonly Room[] {
  const capacity = after.kabupaten.sites.get("pusat-data")?.capacity;
  if (capacity === undefined) return [];
  return (["cpu", "memory", "disk"] as const).map((resource) => ({
    resource,
    before: promised(before, resource),
    after: promised(after, resource),
    capacity: resource === "cpu" ? capacity.cpu : capacity[resource].mebibytes,
  }));
}

/** Of those that are not archived; memory and disk in mebibytes. */
function promised({ vps }: Inventory, resource: Room["resource"]): number {
  const amount = (one: Vps): number => (resource === "cpu" ? one.cpu : one[resource].mebibytes);
  return vps.filter(({ state }) => state !== "archived").reduce((sum, one) => sum + amount(one), 0);
}
