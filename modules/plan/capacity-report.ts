import { compareTexts } from "../core/diagnostic.ts";
import type { CalendarDate } from "../core/calendar-date.ts";
import type { Inventory, Vps } from "../inventory/model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { sumOf, type Amounts } from "./amounts.ts";
import { askedAt, siteUses, type SiteUse } from "./capacity.ts";
import { agencyUses, type AgencyUse } from "./quota.ts";
import { demandOf, without } from "./vps-demand.ts";
import { keptVps, lifeOf, type VpsLife } from "./vps-state.ts";

/** What is left by site, by agency and by month of expiry; what `capacity --json` prints. Memory and disk in MiB. */
export interface CapacityReport {
  readonly sites: readonly SiteUse[];
  readonly agencies: readonly AgencyUse[];
  readonly months: readonly MonthOfExpiry[];
  readonly vps: readonly VpsLine[];
}

/** What comes free at the Pusat Data when the servers that expire in a month are given back. */
export interface MonthOfExpiry {
  /** `2027-12` */
  readonly month: string;
  readonly vps: readonly string[];
  readonly frees: Amounts;
  /** After this month and all before it. */
  readonly left: Amounts;
}

export interface VpsLine {
  readonly name: string;
  readonly owner: string;
  readonly life: VpsLife;
  readonly expires: string;
  /** Negative once it has expired. */
  readonly daysLeft: number;
  readonly asks: Readonly<Partial<Record<SiteName, Amounts>>>;
}

/** How full everything is on a day. */
export function capacityReport(inventory: Inventory, today: CalendarDate): CapacityReport {
  const sites = siteUses(inventory);
  return {
    sites,
    agencies: agencyUses(inventory),
    months: monthsOf(inventory, sites),
    vps: keptVps(inventory).map((vps) => ({
      name: vps.name,
      owner: vps.owner,
      life: lifeOf(inventory, vps, today),
      expires: vps.expires.text,
      daysLeft: today.daysUntil(vps.expires),
      asks: Object.fromEntries(sites.map(({ site }) => [site, demandOf(vps, site)])),
    })),
  };
}

function monthsOf(inventory: Inventory, sites: readonly SiteUse[]): readonly MonthOfExpiry[] {
  const monthOf = ({ expires }: Vps): string => expires.text.slice(0, "2027-12".length);
  const kept = keptVps(inventory);
  const promised = sumOf(
    sites.filter(({ site }) => site === "pusat-data").map((use) => use.promised),
  );
  return [...new Set(kept.map(monthOf))].toSorted(compareTexts).map((month) => {
    const here = kept.filter((vps) => monthOf(vps) === month);
    const remain = kept.filter((vps) => monthOf(vps) > month);
    return {
      month,
      vps: here.map(({ name }) => name),
      frees: askedAt(inventory, here, "pusat-data"),
      left: without(promised, askedAt(inventory, remain, "pusat-data")),
    };
  });
}
