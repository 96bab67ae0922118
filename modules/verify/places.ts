import type { Place } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";
import { colocatedServers } from "../inventory/rack.ts";

/** Finds the file that asked for a thing: of a server, an agency, a desa, a POP or a core router, by its slug. */
export function placesOf(inventory: Inventory): (slug: string) => Place | undefined {
  const places = new Map<string, Place>();
  const { kabupaten, wan, perangkatDaerah, desa, vps } = inventory;
  for (const { name } of wan.cores) places.set(name, wan.origin.at("cores", name));
  for (const { name } of wan.pops) places.set(`pop-${name}`, wan.origin.at("pops", name));
  for (const each of [...perangkatDaerah, ...desa, ...vps])
    places.set(each.name, each.origin.at("name"));
  for (const each of colocatedServers(inventory.racks)) places.set(each.name, each.origin.at());
  places.set("dns", kabupaten.origin.at("domain"));
  return (slug) => places.get(slug);
}
