import { intoColumns, type Part } from "./columns.ts";
import { HEADING_HEIGHT } from "./heading.ts";
import type { Subject } from "./subject.ts";
import { groupOf, type Tree } from "./tree.ts";
import { SITE_HEAD, siteLayout, type Site, type SiteLayout } from "./wan-site.ts";

/** A sheet of paper lies across: A3 and A4 alike. */
const SHEET_RATIO = Math.SQRT2;
const MOST_COLUMNS = { pops: 16, site: 4 };
const SITE_GAP = 18;

export interface PlacedSite extends SiteLayout {
  readonly y: number;
}

export interface Layout {
  readonly sites: readonly PlacedSite[];
  readonly sitesWidth: number;
  readonly columns: readonly (readonly Part[])[];
}

/** The numbers of columns, of sites and of POPs, with which everything is largest on a sheet of paper. */
export function bestLayout(
  subject: Subject,
  sites: readonly Site[],
  pops: readonly Tree[],
  columnWidth: number,
  barsHeight: number,
): Layout {
  const groups = pops.map(groupOf);
  let best: { readonly layout: Layout; readonly size: number } | undefined;
  for (let siteColumns = 1; siteColumns <= MOST_COLUMNS.site; siteColumns++) {
    const placed = stacked(
      sites.map((site) => siteLayout(subject, site, siteColumns)),
      // The first routers of both stand side by side, below the bars.
      Math.max(0, barsHeight - SITE_HEAD),
    );
    const sitesWidth = Math.max(0, ...placed.map(({ width }) => width));
    const sitesHeight = Math.max(0, ...placed.map(({ y, height }) => y + height));
    for (let count = 1; count <= Math.min(MOST_COLUMNS.pops, Math.max(1, pops.length)); count++) {
      const { columns, height } = intoColumns(groups, count);
      const sheet = {
        width: sitesWidth + columns.length * columnWidth,
        height: HEADING_HEIGHT + Math.max(sitesHeight, barsHeight + height),
      };
      const size = Math.max(sheet.width / SHEET_RATIO, sheet.height);
      if (best === undefined || size < best.size)
        best = { layout: { sites: placed, sitesWidth, columns }, size };
    }
  }
  return best!.layout;
}

function stacked(sites: readonly SiteLayout[], top: number): readonly PlacedSite[] {
  let y = top;
  return sites.map((site) => {
    const placed = { ...site, y };
    y += site.height + SITE_GAP;
    return placed;
  });
}
