import type { SegmentPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import { boxOf } from "./box.ts";
import type { Canvas, Spot } from "./canvas.ts";
import { intoColumns, type Part } from "./columns.ts";
import { barId, drawLane, type Hook } from "./comb.ts";
import { linkMark } from "./live-words.ts";
import { COLOUR } from "./look.ts";
import { shortPair } from "./short-address.ts";
import { drawTree, groupOf, type Tree } from "./tree.ts";
import { boxWidth, stretch } from "./wan-boxes.ts";
import type { Subject } from "./subject.ts";

/** A site: the segment that everything in it stands on, and its routers in the order in which they are drawn. */
export interface Site {
  readonly segment: SegmentPlan;
  readonly routers: readonly { readonly router: RouterPlan; readonly tree: Tree }[];
}

export interface SiteLayout extends Site {
  /** The first is drawn at the right, beside the backbone: core routers stand there. */
  readonly columns: readonly (readonly Part[])[];
  readonly width: number;
  readonly height: number;
}

const PADDING = 8;
const LANE = 20;
const BAR = 27;
const BELOW_BAR = 10;
const BETWEEN = 8;
/** From the upper edge of a site to its first router. */
export const SITE_HEAD = PADDING + BAR + BELOW_BAR;

function columnWidth(subject: Subject): number {
  return LANE + boxWidth(subject) + BETWEEN;
}

export function siteLayout(subject: Subject, site: Site, most: number): SiteLayout {
  const { columns, height } = intoColumns(
    site.routers.map(({ tree }) => groupOf(tree)),
    most,
  );
  return {
    ...site,
    columns,
    width: columns.length * columnWidth(subject) - BETWEEN + 2 * PADDING,
    height: SITE_HEAD + height + PADDING,
  };
}

/** Draws a site with its upper left corner there; gives where its routers are touched at their right. */
export function drawSite(
  canvas: Canvas,
  subject: Subject,
  { segment, routers, columns, width, height }: SiteLayout,
  { x, y }: Spot,
): readonly (Hook & { readonly router: RouterPlan })[] {
  canvas.ground(`site ${segment.name}`, { x, y }, width, height);
  const title = [segment.name, ...shortPair(subject.plan, segment.prefix)].join(", ");
  const bar = boxOf({ title, ground: COLOUR.segment, border: COLOUR.ink }, width - 2 * PADDING);
  canvas.box(barId(segment.name), { x: x + PADDING, y: y + PADDING }, bar);
  const line = { colour: COLOUR.ink };
  return columns.flatMap((parts, index) => {
    const left = x + PADDING + (columns.length - 1 - index) * columnWidth(subject);
    const top = y + SITE_HEAD;
    const hooks: Hook[] = [];
    const rights = parts.flatMap((part) => {
      const { router, tree } = routers[part.group]!;
      const spot = { x: left + LANE, y: top + part.y };
      const drawn = drawTree(canvas, tree, part, spot);
      if (!part.first) return [];
      const mark = linkMark(subject.plan, subject.live, router, segment.name);
      hooks.push({ id: drawn.id, spot: { x: spot.x, y: drawn.y }, line: stretch(line, mark) });
      return [{ id: drawn.id, spot: { x: spot.x + boxWidth(subject), y: drawn.y }, line, router }];
    });
    drawLane(
      canvas,
      { ...line, width: 2, segment: segment.name, from: y + PADDING + bar.height, x: left + 8 },
      hooks,
    );
    return rights;
  });
}
