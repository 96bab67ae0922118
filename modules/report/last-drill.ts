import * as v from "valibot";

import { Fault } from "../core/fault.ts";

/** What a drill measured; what `simpul drill drc --json` prints has at least this. */
export interface LastDrill {
  /** `2026-11-23T16:00:00+07:00` */
  readonly at: string;
  /** False for the Pusat Data killed outright. */
  readonly planned: boolean;
  readonly services: readonly DrilledService[];
}

export interface DrilledService {
  readonly service: string;
  /** First success after the last failure, seconds. */
  readonly rtoSeconds: number;
  /** Writes that were acknowledged and lost. */
  readonly lostWrites: number;
}

const schema = v.object({
  at: v.pipe(v.string(), v.isoTimestamp()),
  planned: v.boolean(),
  services: v.array(
    v.object({
      service: v.string(),
      rtoSeconds: v.pipe(v.number(), v.minValue(0)),
      lostWrites: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
});

/** Reads the JSON that a drill printed. */
export function parseDrill(text: string): LastDrill | Fault {
  const fix = "give the file that simpul drill drc --json printed";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new Fault("the drill's record is no JSON", fix);
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success
    ? parsed.output
    : new Fault(`the drill's record is not complete: ${v.getDotPath(parsed.issues[0]) ?? ""}`, fix);
}
