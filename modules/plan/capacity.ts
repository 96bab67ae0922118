import type { Diagnostic } from "../core/diagnostic.ts";
import type { Inventory, Vps } from "../inventory/model.ts";
import type { Capacity, Site } from "../inventory/site-model.ts";
import { eachAmount, NOTHING, sumOf, type Amounts } from "./amounts.ts";
import { siteFull } from "./capacity-findings.ts";
import { askingAt, backupDisks, inAskingOrder, refusals, without } from "./vps-demand.ts";
import { keptVps } from "./vps-state.ts";

/** How full a site is with what is asked of it. */
export interface SiteUse {
  readonly site: Site["name"];
  /** What its machines have. */
  readonly capacity: Amounts;
  /** What may be asked for: with overcommit, less the headroom. */
  readonly promised: Amounts;
  readonly asked: Amounts;
  /** Negative where more was asked for than may be. */
  readonly left: Amounts;
}

/** Every site, with what the VPS that have not left ask of it. */
export function siteUses(inventory: Inventory): readonly SiteUse[] {
  return [...inventory.kabupaten.sites.values()].map(({ name, capacity }) => {
    const promised = promisedBy(capacity);
    const asked = sumOf([askedAt(inventory, keptVps(inventory), name), besideVps(inventory, name)]);
    return {
      site: name,
      capacity: amountsOf(capacity),
      promised,
      asked,
      left: without(promised, asked),
    };
  });
}

/** What these VPS ask of a site together. */
export function askedAt(inventory: Inventory, vps: readonly Vps[], site: Site["name"]): Amounts {
  return sumOf(askingAt(inventory, vps, site).map(({ amounts }) => amounts));
}

/** Backups of agencies' own servers, and of VPS that have left. */
function besideVps(inventory: Inventory, site: Site["name"]): Amounts {
  const kept = new Set(keptVps(inventory).map(({ name }) => name));
  const disks = [...backupDisks(inventory, site)].filter(([name]) => !kept.has(name));
  return { ...NOTHING, disk: disks.reduce((total, [, disk]) => total + disk, 0) };
}

/**
 * Checks that each site has room for what is asked of it, standbys at the DRC included. Who asks last is told.
 * @param changed names of VPS whose files a pull request changes, where that is known
 */
export function checkCapacity(
  inventory: Inventory,
  changed?: ReadonlySet<string>,
): readonly Diagnostic[] {
  const asking = inAskingOrder(inventory, changed);
  return [...inventory.kabupaten.sites.values()].flatMap((site) =>
    refusals(askingAt(inventory, asking, site.name), {
      ...without(promisedBy(site.capacity), besideVps(inventory, site.name)),
    }).map((refusal) => siteFull(inventory, site, refusal)),
  );
}

/** With overcommit, less the headroom; processors in whole quarters, memory and disk in whole MiB. */
function promisedBy(capacity: Capacity): Amounts {
  const { headroom, overcommit } = capacity;
  const there = amountsOf(capacity);
  return eachAmount((resource) => {
    const share = (there[resource] * overcommit[resource] * (100 - headroom)) / 100;
    return resource === "cpu" ? Math.floor(share * 4) / 4 : Math.floor(share);
  });
}

function amountsOf({ cpu, memory, disk }: Capacity): Amounts {
  return { cpu, memory: memory.mebibytes, disk: disk.mebibytes };
}
