import * as v from "valibot";

import { prefixLength } from "./addresses.ts";
import { list, mapping, table } from "./collections.ts";
import { choice } from "./field.ts";
import { code, slug } from "./values.ts";

const medium = () => choice(["fiber", "radio"], "what carries a segment decides how it is watched");
const segments = () => list(slug("it is a key under segments", "backbone-a"), 1, "[backbone-a]");
const share = () => v.optional(prefixLength(9, 30, "/18"));

const BETWEEN = "[pop-parakan, dinas-kesehatan]";

export const topologySchema = mapping(
  {
    segments: table(
      mapping({ medium: medium() }, "{ medium: fiber }"),
      1,
      "{ backbone-a: { medium: fiber } }",
    ),
    cores: table(
      mapping(
        {
          site: choice(["pusat-data", "drc"], "a core router stands at a site"),
          segments: segments(),
        },
        "{ site: pusat-data, segments: [backbone-a] }",
      ),
      1,
      "{ core-pusat-data: { site: pusat-data, segments: [backbone-a] } }",
    ),
    pops: table(
      mapping(
        {
          kecamatan: code("kecamatan", '"33.23.08"'),
          segments: segments(),
          medium: medium(),
          space: v.optional(
            mapping(
              {
                "perangkat-daerah": share(),
                desa: share(),
                loopback: share(),
                management: share(),
              },
              "{ perangkat-daerah: /18 }",
            ),
          ),
        },
        '{ kecamatan: "33.23.08", segments: [backbone-a], medium: fiber }',
      ),
      0,
      '{ parakan: { kecamatan: "33.23.08", segments: [backbone-a], medium: fiber } }',
    ),
    links: v.optional(
      table(
        mapping(
          { between: list(slug("it is a router", "pop-parakan"), 1, BETWEEN), medium: medium() },
          `{ between: ${BETWEEN}, medium: radio }`,
        ),
        0,
        `{ menara-sumbing: { between: ${BETWEEN}, medium: radio } }`,
      ),
      () => new Map(),
    ),
  },
  "segments, cores, pops and links",
);
export type TopologyFile = v.InferOutput<typeof topologySchema>;
