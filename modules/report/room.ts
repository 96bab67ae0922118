import type { Inventory } from "../inventory/model.ts";
import type { Amounts } from "../plan/amounts.ts";
import { siteUses, type SiteUse } from "../plan/capacity.ts";
import { agencyUses, type AgencyUse, type Counted } from "../plan/quota.ts";

/** How full a site is, before and after a change. */
export interface SiteRoom extends Pick<SiteUse, "site" | "promised" | "left"> {
  readonly before: Amounts;
  readonly after: Amounts;
}

/** What an agency has of its quota, before and after a change. */
export interface AgencyRoom extends Pick<AgencyUse, "agency" | "limits" | "left"> {
  readonly before: Counted;
  readonly after: Counted;
}

export interface Room {
  readonly sites: readonly SiteRoom[];
  readonly agencies: readonly AgencyRoom[];
}

const NONE: Counted = { cpu: 0, memory: 0, disk: 0, vps: 0 };

/**
 * What is left of sites and quotas.
 * @param agencies slugs of those whose quota matters: the owners of what changes
 */
export function roomAfter(
  before: Inventory,
  after: Inventory,
  agencies: ReadonlySet<string>,
): Room {
  const sites = new Map(siteUses(before).map((one) => [one.site, one.asked]));
  const uses = new Map(agencyUses(before).map((one) => [one.agency, one.asked]));
  return {
    sites: siteUses(after).map(({ site, promised, left, asked }) => ({
      site,
      promised,
      left,
      before: sites.get(site) ?? NONE,
      after: asked,
    })),
    agencies: agencyUses(after)
      .filter(({ agency }) => agencies.has(agency))
      .map(({ agency, limits, left, asked }) => ({
        agency,
        limits,
        left,
        before: uses.get(agency) ?? NONE,
        after: asked,
      })),
  };
}
