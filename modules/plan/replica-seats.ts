import type { Inventory } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { warmVps } from "./drc-seats.ts";
import {
  BACKUP,
  BACKUP_DRC,
  BACKUP_STACK,
  DRC_STACK,
  REPLICA_PORT,
  REPLICAS,
} from "./part-names.ts";
import type { Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";
import type { ServerSeat } from "./servers.ts";

/** Who copies volumes to standbys: one end at each site, beside its backup server. */
export function replicaSeats(inventory: Inventory): readonly ServerSeat[] {
  if (warmVps(inventory).length === 0) return [];
  const seat = (site: SiteName): ServerSeat => ({
    name: REPLICAS[site],
    role: "replica",
    kind: "tenant",
    tenant: site === "drc" ? BACKUP_DRC : BACKUP,
    stack: site === "drc" ? DRC_STACK : BACKUP_STACK,
    site,
    hostname: `${REPLICAS[site]}.intra.${inventory.kabupaten.domain}`,
    service: REPLICAS[site],
    announcing: "always",
    at: inventory.kabupaten.origin.at("sites", site),
  });
  return [seat("pusat-data"), seat("drc")];
}

/** The DRC fetches: nobody at the Pusat Data can write to what stands there. */
export function replicaOpenings({ services }: AddressPlan): readonly Opening[] {
  const [to, from] = [services.get(REPLICAS["pusat-data"]), services.get(REPLICAS.drc)];
  if (to === undefined || from === undefined) return [];
  return [
    {
      name: "copies-of-volumes",
      from: prefixLists([hostPrefix(from)]),
      to: prefixLists([hostPrefix(to)]),
      protocol: "tcp",
      port: REPLICA_PORT,
    },
  ];
}
