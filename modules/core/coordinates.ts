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

function degrees(text: string, axis: string, least: number, most: number): number | Fault {
  if (!FORM.test(text))
    return new Fault(`"${text}" is not a ${axis} in degrees`, "write it as -7.3167 or 110.1746");
  const value = Number(text);
  if (value >= least && value <= most) return value;
  return new Fault(
    `"${text}" is a ${axis} outside Indonesia`,
    `it goes from ${least} to ${most}; are lat and lon swapped?`,
  );
}
