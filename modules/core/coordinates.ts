import { Fault } from "./fault.ts";

const FORM = /^-?(?:0|[1-9]\d{0,2})(?:\.\d{1,8})?$/;

/** Degrees north, WGS 84, within Indonesia (6.2 N at Weh to 11.1 S at Ndana, with a margin of one degree). */
export function parseLatitude(text: string): number | Fault {
  return degrees(text, "latitude", -12.1, 7.2);
}

/** Degrees east, WGS 84, within Indonesia (94.9 E at Benggala to 141.1 E at Papua's border, same margin). */
export function parseLongitude(text: string): number | Fault {
  return degrees(text, "longitude", 93.9, 142.1);
}

/** `50km`: whole kilometres, 1 to 5500, which is Indonesia from end to end. */
export function parseKilometres(text: string): number | Fault {
  const kilometres = Number(/^([1-9]\d{0,3})km$/.exec(text)?.[1] ?? Number.NaN);
  if (kilometres <= 5500) return kilometres;
  return new Fault(`"${text}" is not a distance in whole kilometres`, "write it as 50km");
}

/** A place on the globe, WGS 84 degrees. */
interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** Kilometres along the great circle (haversine on a sphere of the mean radius: within 0.5 %). */
export function kilometresBetween(a: Point, b: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const haversine = (angle: number): number => Math.sin(radians(angle) / 2) ** 2;
  const h =
    haversine(b.lat - a.lat) +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * haversine(b.lon - a.lon);
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}

function degrees(text: string, axis: string, least: number, most: number): number | Fault {
  if (!FORM.test(text)) {
    const meant = text.replace(",", ".");
    const fix = FORM.test(meant) ? meant : "decimal degrees, as -7.3167 or 110.1746";
    return new Fault(`"${text}" is not a ${axis} in degrees`, `write ${fix}`);
  }
  const value = Number(text);
  if (value >= least && value <= most) return value;
  return new Fault(
    `"${text}" is a ${axis} outside Indonesia`,
    `it goes from ${least} to ${most}; are lat and lon swapped?`,
  );
}
