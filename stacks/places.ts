import type { Place } from "../modules/core/diagnostic.ts";
import type { Inventory } from "../modules/inventory/model.ts";
import { colocatedServers } from "../modules/inventory/rack.ts";
import { backedUp } from "../modules/plan/backed-up.ts";

/** Where the inventory asks for a thing, by its role and slug (DESIGN section 10). */
export type PlaceOf = (role: string, name: string) => Place | undefined;

/** The line of the inventory that each thing on an engine comes from. */
export function placesOf(inventory: Inventory): PlaceOf {
  const { kabupaten, wan, perangkatDaerah, desa, vps, racks } = inventory;
  const agencies = new Map(
    [...perangkatDaerah, ...desa].map(({ name, origin }) => [name, origin.at("name")]),
  );
  const cores = new Map(wan.cores.map(({ name }) => [name, wan.origin.at("cores", name)]));
  const pops = new Map(wan.pops.map(({ name }) => [`pop-${name}`, wan.origin.at("pops", name)]));
  const routers = new Map([...agencies, ...pops, ...cores]);
  const servers = new Map([
    ...vps.map(({ name, origin }) => [name, origin.at("name")] as const),
    ...colocatedServers(racks).map(({ name, origin }) => [name, origin.at()] as const),
  ]);
  const backups = new Map(
    backedUp(inventory).flatMap(({ name, origin }) =>
      [name, `${name}-drc`].map((each) => [each, origin.at("backup")] as const),
    ),
  );
  return (role, name) => {
    if (role === "vps" || role === "colocation") return servers.get(name);
    if (role === "router") return routers.get(name) ?? wan.origin.at("segments");
    if (role === "gateway") return agencies.get(name);
    if (role === "backup-server" || role === "backup-runner")
      return backups.get(name) ?? kabupaten.origin.at("sites");
    if (role === "config") return servers.get(name);
    return role === "name-server" || role === "resolver" || role === "edge"
      ? kabupaten.origin.at("domain")
      : undefined;
  };
}
