import { compareTexts } from "../../core/diagnostic.ts";
import type { DualAddress, DualPrefix } from "../../core/dual.ts";
import type { KabupatenPlan } from "../../plan/kabupaten-plan.ts";
import type { RouterPlan } from "../../plan/router-plan.ts";
import { boxOf, MARK_WIDTH, type Box, type BoxContent } from "./box.ts";
import type { LineStyle } from "./canvas.ts";
import type { Mark } from "./live-words.ts";
import { SIZE } from "./look.ts";
import { shortPair } from "./short-address.ts";
import type { Subject } from "./subject.ts";
import { textWidth } from "./text-metrics.ts";
import { INDENT } from "./tree.ts";

const VALUE_PADDING = 10;

/** Outer width of all boxes of a picture. */
export function boxWidth({ live }: Subject): number {
  return 290 + (live === undefined ? 0 : MARK_WIDTH) + 2;
}

export function leafBox(subject: Subject, content: BoxContent): Box {
  return boxOf(content, boxWidth(subject) - INDENT, valueWidth(subject.plan));
}

/** As wide as the widest of any LAN, so that all stand in one line. */
function valueWidth(plan: KabupatenPlan): number {
  const pairs: readonly (DualAddress | DualPrefix)[] = [
    ...plan.routers.map(({ lan, loopback }) => lan ?? loopback),
    ...[...plan.vps, ...plan.colocation].map(({ service }) => service),
  ];
  const widths = pairs.flatMap((pair) => {
    const [ipv4, ipv6] = shortPair(plan, pair);
    return [textWidth(ipv4, SIZE.text), textWidth(ipv6, SIZE.small)];
  });
  return Math.ceil(Math.max(0, ...widths)) + VALUE_PADDING;
}

/** Where a tree goes on in the next column. */
export function continuedBox(subject: Subject, title: string, ground: string): Box {
  return boxOf({ title: `${title} (continued)`, head: true, ground }, boxWidth(subject));
}

/** The style of one router's own stretch of a segment: coloured and marked by its state. */
export function stretch(line: LineStyle, mark: Mark | undefined): LineStyle {
  if (mark === undefined) return line;
  const sign = mark.level === "good" ? {} : { sign: mark.sign, width: 2.2 };
  return { ...line, ...sign, colour: mark.colour };
}

export function nodeId({ role, name }: RouterPlan): string {
  return `${role} ${name}`;
}

/** Sorted by what people call them. */
export function routersOf(
  { routers }: KabupatenPlan,
  wanted: (router: RouterPlan) => boolean,
): readonly RouterPlan[] {
  return routers
    .filter(wanted)
    .toSorted((a, b) => compareTexts(a.title, b.title) || compareTexts(a.name, b.name));
}
