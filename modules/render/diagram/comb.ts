import type { Canvas, LineStyle, Spot } from "./canvas.ts";

/** A segment as a bar, with a line down from it into each column. */
export interface Lane extends LineStyle {
  readonly segment: string;
  /** Lower edge of its bar. */
  readonly from: number;
  readonly x: number;
}

/** A router that hangs on a lane. */
export interface Hook {
  readonly id: string;
  /** Where its box is touched. */
  readonly spot: Spot;
  /** Colour and sign of its own stretch. */
  readonly line: LineStyle;
}

/** Draws a lane down to its lowest hook, and a stretch with a junction to each. */
export function drawLane(canvas: Canvas, lane: Lane, hooks: readonly Hook[]): void {
  const bar = barId(lane.segment);
  let from = lane.from;
  for (const { id, spot, line } of hooks.toSorted((a, b) => a.spot.y - b.spot.y)) {
    const junction = { x: lane.x, y: spot.y };
    const junctionId = `${id} on ${lane.segment}`;
    canvas.junction(junctionId, junction, lane.colour);
    canvas.line(bar, junctionId, [{ x: lane.x, y: from }, junction], lane);
    canvas.line(junctionId, id, [junction, spot], line);
    from = spot.y;
  }
}

export function barId(segment: string): string {
  return `segment ${segment}`;
}
