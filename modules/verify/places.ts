import type { Place } from "../core/diagnostic.ts";
import type { Inventory } from "../inventory/model.ts";

/** Finds the file that asked for a thing: of a VPS, an agency, a desa, a POP or a core router, by its slug. */
export function placesOf(inventory: Inventory): (slug: string) => Place | undefined {
  const places = new Map<string, Place>();
  const { kabupaten, wan, perangkatDaerah, desa, vps } = inventory;
  for (const { name } of wan.cores) places.set(name, wan.origin.at("cores", name));
  for (const { name } of wan.pops) places.set(`pop-${name}`, wan.origin.at("pops", name));
  for (const each of [...perangkatDaerah, ...desa, ...vps])
    places.set(each.name, each.origin.at("name"));
  places.set("dns", kabupaten.origin.at("domain"));
  return (slug) => places.get(slug);
}
