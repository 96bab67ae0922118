import type { Inventory, Vps } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { backedUp, backupDisk, backupSites } from "./backed-up.ts";
import { eachAmount, NOTHING, type Amounts } from "./amounts.ts";
import { isPinned, isRunning, keptVps } from "./vps-state.ts";

/** What one VPS asks of a site. */
export interface Asking {
  readonly vps: Vps;
  readonly amounts: Amounts;
}

/** What a VPS asks for as its file says, whether it runs or not. */
export function sizeOf({ cpu, memory, disk }: Vps): Amounts {
  return { cpu, memory: memory.mebibytes, disk: disk.mebibytes };
}

/**
 * What a VPS takes at a site. Processors and memory belong to those that run; a disk stays with its server until it has
 * left. At the DRC a warm standby runs; a cold one is data until it is needed.
 */
export function demandOf(vps: Vps, site: SiteName): Amounts {
  if (site === "drc" && vps.drc === "none") return NOTHING;
  const runs = isRunning(vps) && (site === "pusat-data" || vps.drc === "warm");
  const size = sizeOf(vps);
  return runs ? size : { ...NOTHING, disk: size.disk };
}

/**
 * Every VPS that has not left, in the order in which it asks: what the lock knows stands first, what was changed now
 * after it, what is new last; by name among themselves. So a pull request is told, and not its neighbours.
 * @param changed names of VPS whose files a pull request changes, where that is known
 */
export function inAskingOrder(
  inventory: Inventory,
  changed: ReadonlySet<string> = new Set(),
): readonly Vps[] {
  const rank = (vps: Vps): number =>
    isPinned(inventory, vps) ? (changed.has(vps.name) ? 1 : 0) : 2;
  return keptVps(inventory).toSorted((a, b) => rank(a) - rank(b));
}

/** One VPS that no longer fits, and by what. */
export interface Refusal<K extends string> {
  readonly vps: Vps;
  readonly resource: K;
  readonly asked: number;
  /** What is left of the limit, before it. */
  readonly left: number;
  readonly limit: number;
}

/** Who no longer fits under the limits, in this order; who is refused takes nothing from those after. */
export function refusals<K extends string>(
  asking: readonly { readonly vps: Vps; readonly amounts: Readonly<Record<K, number>> }[],
  limits: Readonly<Partial<Record<K, number>>>,
): readonly Refusal<K>[] {
  const taken: Partial<Record<K, number>> = {};
  const resources = Object.keys(limits) as K[];
  return asking.flatMap(({ vps, amounts }) => {
    const refused = resources.flatMap((resource) => {
      const limit = limits[resource];
      const left = (limit ?? Infinity) - (taken[resource] ?? 0);
      const asked = amounts[resource];
      return limit !== undefined && asked > 0 && asked > left
        ? [{ vps, resource, asked, left, limit }]
        : [];
    });
    if (refused.length === 0)
      for (const resource of resources)
        taken[resource] = (taken[resource] ?? 0) + amounts[resource];
    return refused;
  });
}

/** What each of these VPS asks of a site, its backups included. */
export function askingAt(
  inventory: Inventory,
  vps: readonly Vps[],
  site: SiteName,
): readonly Asking[] {
  const backups = backupDisks(inventory, site);
  return vps.map((each) => {
    const { cpu, memory, disk } = demandOf(each, site);
    return { vps: each, amounts: { cpu, memory, disk: disk + (backups.get(each.name) ?? 0) } };
  });
}

/** MiB of disk that backups take at a site, by server. */
export function backupDisks(inventory: Inventory, site: SiteName): ReadonlyMap<string, number> {
  const sites = backupSites(inventory);
  return new Map(
    backedUp(inventory).map((server) => [server.name, backupDisk(server, site, sites) / 2 ** 20]),
  );
}

/** `a` less `b`. */
export function without(a: Amounts, b: Amounts): Amounts {
  return eachAmount((resource) => a[resource] - b[resource]);
}
