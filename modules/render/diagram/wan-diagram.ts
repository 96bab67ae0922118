import { compareTexts } from "../../core/diagnostic.ts";
import type { SegmentPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import { boxOf, type Box } from "./box.ts";
import { Canvas } from "./canvas.ts";
import { barId, drawLane, type Hook, type Lane } from "./comb.ts";
import { GAP } from "./columns.ts";
import { drawHeading, HEADING_HEIGHT } from "./heading.ts";
import { linkMark } from "./live-words.ts";
import { BACKBONES } from "./look.ts";
import type { Picture } from "./picture.ts";
import { shortPair } from "./short-address.ts";
import { mediumOf } from "./media.ts";
import { popTree } from "./pop-tree.ts";
import { gatewayTree, siteRouterTree } from "./site-trees.ts";
import { drawSite, type Site } from "./wan-site.ts";
import type { Subject } from "./subject.ts";
import { drawTree } from "./tree.ts";
import { wanDescription, wanTitle } from "./wan-words.ts";
import { boxWidth, routersOf, stretch } from "./wan-boxes.ts";
import { bestLayout, type PlacedSite } from "./wan-layout.ts";

const LANE = { first: 14, next: 16, last: 18, apart: 7 };
const BAR = { height: 26, gap: 6 };

/**
 * The WAN as a picture: sites with their core routers and tenants at the left, backbone segments as bars at the top,
 * and columns of POPs below them, each with the agencies and desa behind it. It is laid out here, in as many columns
 * as make the shape of a sheet of paper, and everything is sorted: the same plan and state give the same text.
 */
export function wanDiagram(subject: Subject): Picture {
  const { plan } = subject;
  const backbones = segmentsOf(subject, "backbone");
  const pops = routersOf(plan, ({ tier }) => tier === "pop").map((router) => ({
    router,
    tree: popTree(subject, router),
  }));
  const sites = sitesOf(subject);
  const lanesWidth = LANE.first + (backbones.length - 1) * LANE.next + LANE.last;
  const columnWidth = lanesWidth + boxWidth(subject);
  const barsHeight = backbones.length * (BAR.height + BAR.gap) + GAP.group;
  const layout = bestLayout(
    subject,
    sites,
    pops.map(({ tree }) => tree),
    columnWidth,
    barsHeight,
  );

  const canvas = new Canvas();
  const top = HEADING_HEIGHT;
  drawHeading(canvas, subject, wanTitle(plan));
  const hooks = drawSites(canvas, subject, layout.sites, top);
  const left = layout.sitesWidth;
  for (const [column, parts] of layout.columns.entries()) {
    const x = left + column * columnWidth;
    const here: readonly Hook[][] = backbones.map(() => []);
    for (const part of parts) {
      const { router, tree } = pops[part.group]!;
      const spot = { x: x + lanesWidth, y: top + barsHeight + part.y };
      const { id, y } = drawTree(canvas, tree, part, spot);
      if (part.first) hang(subject, router, backbones, { id, spot: { x: spot.x, y } }, here);
    }
    if (column === 0) for (const hook of hooks) hang(subject, hook.router, backbones, hook, here);
    for (const [index, segment] of backbones.entries())
      drawLane(canvas, lane(subject, segment, index, x, top), here[index]!);
  }
  const right = left + layout.columns.length * columnWidth;
  for (const [index, segment] of backbones.entries()) {
    // It begins right of the lanes of those above it, which would seem to end in it.
    const x = left + LANE.first + index * LANE.next - 5;
    const bar = backboneBar(subject, segment, index, right - x);
    canvas.box(barId(segment.name), { x, y: top + index * (BAR.height + BAR.gap) }, bar);
  }
  return {
    dot: canvas.toDot("wan"),
    engine: "nop2",
    title: wanTitle(plan),
    description: wanDescription(subject),
  };
}

/** Puts a router on every backbone lane that it stands on. */
function hang(
  subject: Subject,
  router: RouterPlan,
  backbones: readonly SegmentPlan[],
  { id, spot }: Pick<Hook, "id" | "spot">,
  hooks: readonly Hook[][],
): void {
  for (const [index, segment] of backbones.entries())
    if (router.interfaces.some((one) => one.segment === segment.name))
      hooks[index]!.push({
        id,
        // Each by itself, for one may be up and the other down.
        spot: { x: spot.x, y: spot.y + (index - (backbones.length - 1) / 2) * LANE.apart },
        line: stretch(
          backboneLine(subject, segment, index),
          linkMark(subject.plan, subject.live, router, segment.name),
        ),
      });
}

function backboneLine(subject: Subject, { name }: SegmentPlan, index: number) {
  const medium = mediumOf(subject, name);
  const { line, ground } = BACKBONES[index % BACKBONES.length]!;
  return { colour: line, ground, dashed: medium === "radio", medium: medium ?? "fiber" };
}

function lane(subject: Subject, segment: SegmentPlan, index: number, x: number, top: number): Lane {
  return {
    ...backboneLine(subject, segment, index),
    width: 2.4,
    segment: segment.name,
    from: top + index * (BAR.height + BAR.gap) + BAR.height,
    x: x + LANE.first + index * LANE.next,
  };
}

function backboneBar(subject: Subject, segment: SegmentPlan, index: number, width: number): Box {
  const { colour, ground, medium } = backboneLine(subject, segment, index);
  const title = [`${segment.name}, ${medium}`, ...shortPair(subject.plan, segment.prefix)];
  return boxOf({ title: title.join(", "), ground, border: colour }, width);
}

function drawSites(
  canvas: Canvas,
  subject: Subject,
  sites: readonly PlacedSite[],
  top: number,
): readonly (Hook & { readonly router: RouterPlan })[] {
  const width = Math.max(0, ...sites.map((site) => site.width));
  return sites.flatMap((site) => {
    const spot = { x: width - site.width, y: top + site.y };
    return drawSite(canvas, subject, site, spot);
  });
}

/** Every site segment with the routers on it: core routers first, then tenants. */
function sitesOf(subject: Subject): readonly Site[] {
  return segmentsOf(subject, "site").map((segment) => {
    const here = routersOf(subject.plan, ({ interfaces, tier }) =>
      tier === "pop" ? false : interfaces.some((one) => one.segment === segment.name),
    );
    const others = here.filter(({ tier }) => tier !== "gateway");
    const gateways = here.filter(({ tier }) => tier === "gateway");
    return {
      segment,
      routers: [
        ...others.map((router) => ({ router, tree: siteRouterTree(subject, router) })),
        ...gateways.map((router) => ({ router, tree: gatewayTree(subject, router) })),
      ],
    };
  });
}

/** By name, but the Pusat Data before its spare. */
function segmentsOf({ plan }: Subject, kind: SegmentPlan["kind"]): readonly SegmentPlan[] {
  const rank = ({ name }: SegmentPlan): number => (name === "pusat-data" ? 0 : 1);
  return plan.segments
    .filter((segment) => segment.kind === kind)
    .toSorted((a, b) => rank(a) - rank(b) || compareTexts(a.name, b.name));
}
