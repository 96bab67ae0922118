import * as v from "valibot";

import { parseKilometres, parseLatitude, parseLongitude } from "../../core/coordinates.ts";
import { Duration } from "../../core/duration.ts";
import { Fault } from "../../core/fault.ts";
import { capacitySchema, placeholder } from "./capacity.ts";
import { list, mapping } from "./collections.ts";
import { field } from "./field.ts";
import { slug } from "./values.ts";

export const SITE_EXAMPLE = "{ engine: local, location: {...}, capacity: {...} }";

const place = (parse: (text: string) => number | Fault, example: string) =>
  field(parse, { id: "location-form", why: "the distance between sites is checked", example });

const fields = {
  engine: slug("it is a key under engines", "local"),
  location: mapping(
    {
      lat: place(parseLatitude, "-7.3167"),
      lon: place(parseLongitude, "110.1746"),
      placeholder: placeholder(),
    },
    "{ lat: -7.3167, lon: 110.1746 }",
  ),
  capacity: capacitySchema,
  /** What can strike the site as a whole: `river-progo`, `fault-opak`, `power-pln-temanggung`. */
  risks: v.optional(
    list(
      slug("sites that share a risk fail together, and are compared by its name", "river-progo"),
      0,
      "[river-progo, power-pln-temanggung]",
    ),
    () => [],
  ),
};

export const siteSchema = mapping(fields, SITE_EXAMPLE);

/** The DRC: how far it must be, and how old the copies of its standbys may get. */
export const drcSchema = mapping(
  {
    ...fields,
    minimum_distance: v.optional(
      field(parseKilometres, {
        id: "distance-form",
        why: "the distance between sites is compared with it",
        example: "50km",
      }),
    ),
    copy_every: v.optional(
      field(parseCopyEvery, {
        id: "time-form",
        why: "what was written since the last copy is lost with the Pusat Data",
        example: "5m",
      }),
      "5m",
    ),
  },
  SITE_EXAMPLE,
);
export type SiteEntry = v.InferOutput<typeof siteSchema>;
export type DrcEntry = v.InferOutput<typeof drcSchema>;

/** A minute to a day: a copy takes its time, and what is rarer is a backup. */
function parseCopyEvery(text: string): Duration | Fault {
  const time = Duration.parse(text);
  if (time instanceof Fault || (time.seconds >= 60 && time.seconds <= 86_400)) return time;
  return new Fault(`"${text}" is not between 1m and 24h`, "write it as 5m");
}
