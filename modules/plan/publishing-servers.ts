import type { Place } from "../core/diagnostic.ts";
import type { Inventory, Publication } from "../inventory/model.ts";
import { colocatedServers } from "../inventory/rack.ts";

/** A server at work, and what its owner opens on it. */
export interface PublishingServer {
  readonly name: string;
  /** Slug of the agency. */
  readonly owner: string;
  readonly publish: readonly Publication[];
  /** Place of the name of the publication with this index. */
  readonly placeOf: (index: number) => Place;
}

/** VPS that are active, and colocated servers that are installed. */
export function publishingServers({
  vps,
  racks,
}: Pick<Inventory, "vps" | "racks">): readonly PublishingServer[] {
  return [
    ...vps.filter(({ state }) => state === "active"),
    ...colocatedServers(racks).filter(({ state }) => state === "installed"),
  ].map(({ name, owner, publish, origin }) => ({
    name,
    owner,
    publish,
    placeOf: (index) => origin.at("publish", index, "name"),
  }));
}
