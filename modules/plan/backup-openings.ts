import type { DualPrefixes } from "../core/dual.ts";
import type { Inventory } from "../inventory/model.ts";
import type { AddressPlan } from "./address-plan.ts";
import { backedUp, backupSites } from "./backed-up.ts";
import { BACKUP_COPIER, BACKUP_PORT, BACKUP_SERVERS } from "./part-names.ts";
import type { Opening } from "./router-plan.ts";
import { hostPrefix, prefixLists } from "./routing.ts";

/**
 * What the gateways of both backup servers open: the DRC fetches from the Pusat Data, and machines of agencies send.
 * Runners stand on the server's own segment.
 */
export function backupOpenings(inventory: Inventory, addresses: AddressPlan): readonly Opening[] {
  return [
    ...(backupSites(inventory).includes("drc")
      ? [toServer("copy-to-drc", serviceOf(BACKUP_COPIER, addresses), addresses)]
      : []),
    ...machines(inventory).map(({ name }) => machineOpening(name, addresses)),
  ];
}

/** What a tenant's gateway opens for machines of its own that run the backup agent themselves. */
export function machineBackups(
  inventory: Inventory,
  tenant: string,
  addresses: AddressPlan,
): readonly Opening[] {
  return machines(inventory)
    .filter(({ owner }) => owner === tenant)
    .map(({ name }) => machineOpening(name, addresses));
}

function machines(inventory: Inventory) {
  return backedUp(inventory).filter(({ host, running }) => host === "machine" && running);
}

function machineOpening(name: string, addresses: AddressPlan): Opening {
  return toServer(`backup-${name}`, serviceOf(name, addresses), addresses);
}

function toServer(name: string, from: DualPrefixes, addresses: AddressPlan): Opening {
  const to = serviceOf(BACKUP_SERVERS["pusat-data"], addresses);
  return { name, from, to, protocol: "tcp", port: BACKUP_PORT };
}

function serviceOf(name: string, { services }: AddressPlan): DualPrefixes {
  const address = services.get(name);
  return prefixLists(address === undefined ? [] : [hostPrefix(address)]);
}
