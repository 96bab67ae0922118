import * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import { mapping, table } from "./collections.ts";
import { field, flag, wholeNumber } from "./field.ts";
import { byteSize, processors } from "./values.ts";

/** Says that the values beside it are a guess of `simpul init`: `check` warns until it is gone. */
export const placeholder = () => v.optional(flag(), "false");

/** More memory or disk than there is stops servers that did nothing wrong; processors only slow each other down. */
const MOST_TIMES = { cpu: 16, memory: 2, disk: 2 } as const;

const times = (resource: keyof typeof MOST_TIMES) =>
  v.optional(
    field((text) => parseTimes(text, MOST_TIMES[resource]), {
      id: "overcommit-form",
      why: "it says how many times what is there may be promised",
      example: "2",
    }),
    "1",
  );

export const capacitySchema = mapping(
  {
    cpu: wholeNumber(1, 100_000, {
      why: "it is the number of processors that VPS share",
      example: "64",
    }),
    memory: byteSize("256GiB"),
    disk: byteSize("20TiB"),
    headroom: v.optional(
      field(parsePercent, {
        id: "percent-form",
        why: "it is the part of the site that is promised to nobody",
        example: "20%",
      }),
      "0%",
    ),
    overcommit: v.optional(
      mapping({ cpu: times("cpu"), memory: times("memory"), disk: times("disk") }, "{ cpu: 2 }"),
      () => ({}),
    ),
    placeholder: placeholder(),
  },
  "{ cpu: 64, memory: 256GiB, disk: 20TiB, headroom: 20% }",
);

const QUOTA_EXAMPLE = "{ cpu: 8, memory: 16GiB, disk: 500GiB, vps: 4 }";
const limits = mapping(
  {
    cpu: v.optional(processors("8", 100_000)),
    memory: v.optional(byteSize("16GiB")),
    disk: v.optional(byteSize("500GiB")),
    vps: v.optional(
      wholeNumber(0, 9999, { why: "it is how many servers an agency may have", example: "4" }),
    ),
  },
  QUOTA_EXAMPLE,
);

/** In kabupaten.yaml, which is the Dinas': an agency cannot raise its own by a pull request of its own files. */
export const quotaSchema = v.optional(
  mapping(
    {
      each: v.optional(limits, () => ({})),
      agencies: v.optional(table(limits, 0, `{ dinas-pendidikan: ${QUOTA_EXAMPLE} }`), () => ({})),
    },
    `{ each: ${QUOTA_EXAMPLE} }`,
  ),
  () => ({}),
);

/** Whole percent, 0 to 90. */
function parsePercent(text: string): number | Fault {
  const [, digits] = /^(\d{1,2})%$/.exec(text) ?? [];
  if (digits !== undefined && Number(digits) <= 90) return Number(digits);
  return new Fault(`"${text}" is not a whole percentage up to 90%`, "write it as 20%");
}

/** 1 to `most`, with at most two decimals. */
function parseTimes(text: string, most: number): number | Fault {
  const value = /^[1-9]\d?(?:\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  return new Fault(`"${text}" is not a number between 1 and ${most}`, "write it as 2 or 1.5");
}
