import type { Rack } from "../../inventory/rack.ts";
import { feedLoads, type FeedLoad } from "../../plan/rack-power.ts";
import { freeUnits, fromTheTop, standing } from "../../plan/rack-units.ts";
import { COLOUR, SIZE } from "./look.ts";
import { rackView, UNIT_HEIGHT, VIEW_WIDTH } from "./rack-view.ts";
import { loadWords, powerWords, unitWords } from "./rack-words.ts";
import { area, svgSheet, textAt, type Area } from "./svg.ts";
import { textWidth } from "./text-metrics.ts";

const MARGIN = 16;
const GAP = 28;
const LINE = 20;
const BAR = { width: 180, height: 11 };

/** Of what the picture's heading speaks. */
export interface RackSubject {
  readonly rack: Rack;
  /** As written for people: `Temanggung`. */
  readonly kabupaten: string;
  /** Slug of the communication office. */
  readonly dinas: string;
}

/** The elevation of a rack, front and back, as SVG: drawn by us, the same bytes from the same inventory. */
export function rackDiagram({ rack, kabupaten, dinas }: RackSubject): string {
  const loads = feedLoads(rack);
  const title = `Rack ${rack.name} at ${rack.site} of ${kabupaten}`;
  const viewsTop = MARGIN + 28 + (loads.length + 2) * LINE + 24;
  const width = 2 * MARGIN + 2 * VIEW_WIDTH + GAP;
  const height = viewsTop + rack.units * UNIT_HEIGHT + MARGIN;
  return svgSheet({ width, height }, { title, description: descriptionOf(rack, loads) }, [
    textAt({ x: MARGIN, y: MARGIN + 14 }, title, { bold: true, size: SIZE.title }),
    ...loads.flatMap((load, index) =>
      loadBar(load, { x: MARGIN, y: MARGIN + 28 + index * LINE }, loads.length > 1),
    ),
    textAt({ x: MARGIN, y: MARGIN + 28 + loads.length * LINE + 11 }, freeWords(rack)),
    ...legend({ x: MARGIN, y: MARGIN + 28 + (loads.length + 1) * LINE }),
    ...(["front", "back"] as const).flatMap((side, index) =>
      rackView({
        rack,
        side,
        dinas,
        at: { x: MARGIN + index * (VIEW_WIDTH + GAP), y: viewsTop },
      }),
    ),
  ]);
}

/** What a feed carries, and what it must be able to carry alone. */
function loadBar(
  load: FeedLoad,
  { x, y }: Pick<Area, "x" | "y">,
  hasOther: boolean,
): readonly string[] {
  const long = (watts: number): number =>
    Math.round(Math.min(1, watts / load.capacity) * BAR.width);
  return [
    area({ x, y, ...BAR }, { fill: COLOUR.panel, stroke: COLOUR.rule }),
    area({ x, y, width: long(load.alone), height: BAR.height }, { fill: COLOUR.segment }),
    area({ x, y, width: long(load.normal), height: BAR.height }, { fill: COLOUR.core }),
    textAt({ x: x + BAR.width + 10, y: y + 10 }, loadWords(load, hasOther)),
  ];
}

function freeWords(rack: Rack): string {
  const free = freeUnits(rack);
  if (free.length === 0) return `none of ${rack.units} units free`;
  return `${free.length} of ${rack.units} units free: ${unitWords(free)}`;
}

function legend({ x, y }: Pick<Area, "x" | "y">): readonly string[] {
  const samples = [
    { text: "of Dinas", style: { fill: COLOUR.agency, stroke: COLOUR.ink } },
    { text: "of another agency", style: { fill: COLOUR.gateway, stroke: COLOUR.ink } },
    { text: "off", style: { fill: COLOUR.paper, stroke: COLOUR.ink } },
    { text: "planned", style: { fill: COLOUR.paper, stroke: COLOUR.ink, dashed: true } },
    { text: "load of a feed", style: { fill: COLOUR.core } },
    { text: "load when the other feed fails", style: { fill: COLOUR.segment } },
  ];
  let left = x;
  return samples.map(({ text, style }) => {
    const at = left;
    left += 24 + Math.ceil(textWidth(text, SIZE.small)) + 14;
    return (
      area({ x: at, y, width: 18, height: 11 }, style) +
      textAt({ x: at + 24, y: y + 9 }, text, { size: SIZE.small })
    );
  });
}

/** The picture in words, from the top down. */
function descriptionOf(rack: Rack, loads: readonly FeedLoad[]): string {
  const devices = fromTheTop(standing(rack)).map((device) => {
    const power = powerWords(device);
    const { units, face, name, owner, state } = device;
    return `unit ${units.text} (${face}): ${name} of ${owner}, ${state}${power === "" ? "" : `, ${power}`}`;
  });
  const power = loads.map((load) => loadWords(load, loads.length > 1));
  return [...power, freeWords(rack), ...devices].map((words) => `${words}.`).join(" ");
}
