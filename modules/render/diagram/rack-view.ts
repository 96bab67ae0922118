import type { UnitRange } from "../../core/unit-range.ts";
import type { Rack, RackDevice } from "../../inventory/rack.ts";
import { fromTheTop, seenFrom } from "../../plan/rack-units.ts";
import { COLOUR, SIZE } from "./look.ts";
import { powerWords, stateWords } from "./rack-words.ts";
import { area, textAt, titled, type Area } from "./svg.ts";
import { textWidth, wrapped } from "./text-metrics.ts";

/** Pixels: one unit, the column of its number, and the rails between which devices stand. */
export const UNIT_HEIGHT = 22;
const NUMBERS = 28;
const RAILS = 440;
export const VIEW_WIDTH = NUMBERS + RAILS;
const PADDING = 6;

export interface RackView {
  readonly rack: Rack;
  readonly side: "front" | "back";
  /** Whose equipment is drawn as the office's own. */
  readonly dinas: string;
  /** Upper left corner of the highest unit's number. */
  readonly at: Pick<Area, "x" | "y">;
}

/** The rack as one sees it from one side, the lowest unit at the bottom. */
export function rackView(view: RackView): readonly string[] {
  const { rack, side, at } = view;
  const rails = {
    x: at.x + NUMBERS,
    y: at.y,
    width: RAILS,
    height: rack.units * UNIT_HEIGHT,
  };
  return [
    textAt({ x: rails.x, y: at.y - 8 }, side, { bold: true }),
    area(rails, { fill: COLOUR.panel, stroke: COLOUR.ink }),
    ...Array.from({ length: rack.units }, (_, index) => unitLine(view, rails, index + 1)),
    ...(side === "front"
      ? rack.blanks.map((units) => blankPanel(placeOf(rails, rack, units)))
      : []),
    ...fromTheTop(seenFrom(rack, side)).map((device) =>
      deviceBox(device, placeOf(rails, rack, device.units), view.dinas),
    ),
  ];
}

function unitLine({ rack, at }: RackView, rails: Area, unit: number): string {
  const y = rails.y + (rack.units - unit) * UNIT_HEIGHT;
  const number = textAt({ x: at.x + NUMBERS - 6, y: y + 15 }, String(unit), {
    anchor: "end",
    size: SIZE.small,
    fill: COLOUR.muted,
  });
  const line = `<path d="M${rails.x} ${y}h${rails.width}" stroke="${COLOUR.rule}" stroke-width="0.5"/>`;
  return unit === rack.units ? number : number + line;
}

function placeOf(rails: Area, rack: Rack, { highest, height }: UnitRange): Area {
  return {
    x: rails.x + 2,
    y: rails.y + (rack.units - highest) * UNIT_HEIGHT + 1,
    width: rails.width - 4,
    height: height * UNIT_HEIGHT - 2,
  };
}

function blankPanel(place: Area): string {
  const middle = { x: place.x + place.width / 2, y: place.y + place.height / 2 + 3 };
  return (
    area(place, { fill: COLOUR.paper, stroke: COLOUR.rule }) +
    textAt(middle, "blank panel", { anchor: "middle", size: SIZE.small, fill: COLOUR.muted })
  );
}

/** Name and owner on the left, watts on the right; a device of two units and more has a line for its model too. */
function deviceBox(device: RackDevice, place: Area, dinas: string): string {
  const atWork = device.state === "installed";
  const fill = atWork ? (device.owner === dinas ? COLOUR.agency : COLOUR.gateway) : COLOUR.paper;
  const ink = atWork ? COLOUR.onDark : COLOUR.ink;
  const watts = powerWords(device);
  const wattsWidth = textWidth(watts, SIZE.small) + PADDING;
  const left = place.x + PADDING;
  const first = device.units.height === 1 ? place.y + 14 : place.y + 16;
  const room = place.width - 2 * PADDING - wattsWidth;
  const [name = ""] = wrapped(device.name, { width: room, size: SIZE.text, bold: true, lines: 1 });
  const nameWidth = Math.ceil(textWidth(name, SIZE.text, true)) + 10;
  const owner = [device.owner, stateWords(device)].filter((word) => word !== "").join(", ");
  const [whose = ""] = wrapped(owner, { width: room - nameWidth, size: SIZE.small, lines: 1 });
  const details = [device.kind, device.model].filter((word) => word !== undefined).join(", ");
  const [what = ""] = wrapped(details, {
    width: place.width - 2 * PADDING,
    size: SIZE.small,
    lines: 1,
  });
  return titled(tooltip(device), [
    area(place, {
      fill,
      stroke: COLOUR.ink,
      dashed: device.state === "planned",
    }),
    textAt({ x: left, y: first }, name, { bold: true, fill: ink }),
    textAt({ x: left + nameWidth, y: first }, whose, { size: SIZE.small, fill: ink }),
    textAt({ x: place.x + place.width - PADDING, y: first }, watts, {
      anchor: "end",
      size: SIZE.small,
      fill: ink,
    }),
    ...(device.units.height > 1
      ? [textAt({ x: left, y: first + 15 }, what, { size: SIZE.small, fill: ink })]
      : []),
  ]);
}

/** All that the inventory says of a device, for whoever points at it. */
function tooltip(device: RackDevice): string {
  const { name, kind, owner, units, face, model, serial, asset, warranty, ports, state } = device;
  return [
    `${name} (${kind}, ${state}), ${owner}`,
    `unit ${units.text}, ${face}`,
    ...(model === undefined ? [] : [model]),
    ...(serial === undefined ? [] : [`serial ${serial}`]),
    ...(asset === undefined ? [] : [`asset ${asset}`]),
    ...(warranty === undefined ? [] : [`warranty to ${warranty.text}`]),
    ...(ports.length === 0
      ? []
      : [`ports ${ports.map(({ device: to, port }) => `${to}/${port}`).join(", ")}`]),
  ].join("; ");
}
