import type { Diagnostic } from "../core/diagnostic.ts";
import type { Inventory, QuotaLimits } from "../inventory/model.ts";
import { sumOf, type Amounts } from "./amounts.ts";
import { quotaExceeded } from "./capacity-findings.ts";
import { demandOf, inAskingOrder, refusals } from "./vps-demand.ts";
import { keptVps } from "./vps-state.ts";

/** What an agency has of its quota; a field of `limits` and `left` is absent where nothing limits it. */
export interface AgencyUse {
  readonly agency: string;
  readonly asked: Counted;
  readonly limits: Partial<Counted>;
  readonly left: Partial<Counted>;
}

/** Sizes, and the number of servers. */
export type Counted = Amounts & { readonly vps: number };

/** Every agency that has a VPS or a quota of its own, sorted by name. Its standbys at the DRC are not counted again. */
export function agencyUses(inventory: Inventory): readonly AgencyUse[] {
  const kept = keptVps(inventory);
  const named = inventory.kabupaten.quota.agencies;
  return inventory.perangkatDaerah
    .filter(({ name }) => named.has(name) || kept.some(({ owner }) => owner === name))
    .map(({ name }) => {
      const own = kept.filter(({ owner }) => owner === name);
      const amounts = sumOf(own.map((vps) => demandOf(vps, "pusat-data")));
      const asked = { ...amounts, vps: own.length };
      const limits = limitsOf(inventory, name);
      const left = Object.entries(limits).map(([resource, limit]) => [
        resource,
        limit - asked[resource as keyof Counted],
      ]);
      return { agency: name, asked, limits, left: Object.fromEntries(left) as Partial<Counted> };
    });
}

/**
 * Checks that no agency asks for more than its quota. Who asks last is told.
 * @param changed names of VPS whose files a pull request changes, where that is known
 */
export function checkQuota(
  inventory: Inventory,
  changed?: ReadonlySet<string>,
): readonly Diagnostic[] {
  const asking = inAskingOrder(inventory, changed);
  return inventory.perangkatDaerah.flatMap(({ name }) => {
    const own = asking
      .filter(({ owner }) => owner === name)
      .map((vps) => ({ vps, amounts: { ...demandOf(vps, "pusat-data"), vps: 1 } }));
    return refusals(own, limitsOf(inventory, name)).map((refusal) =>
      quotaExceeded(inventory, refusal),
    );
  });
}

/** An agency's own limits, and those of each where its own say nothing. */
function limitsOf({ kabupaten: { quota } }: Inventory, agency: string): Partial<Counted> {
  const own = quota.agencies.get(agency) ?? {};
  const limit = <K extends keyof QuotaLimits>(key: K): QuotaLimits[K] =>
    own[key] ?? quota.each[key];
  const [cpu, memory, disk, vps] = [limit("cpu"), limit("memory"), limit("disk"), limit("vps")];
  return {
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory: memory.mebibytes }),
    ...(disk !== undefined && { disk: disk.mebibytes }),
    ...(vps !== undefined && { vps }),
  };
}
