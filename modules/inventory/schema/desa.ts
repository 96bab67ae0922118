import * as v from "valibot";

import { list, mapping } from "./collections.ts";
import { choice, words } from "./field.ts";
import { desaRouterSchema, lanSchema } from "./router.ts";
import { code, slug } from "./values.ts";

const VILLAGE_EXAMPLE = '{ code: "33.23.08.2002", name: Campursalam, status: planned }';
const village = mapping(
  {
    code: code("desa", '"33.23.08.2002"'),
    name: words(60, "Campursalam"),
    status: v.optional(
      choice(["planned", "active"], "only an active desa has a router"),
      "planned",
    ),
    slug: v.optional(
      slug("it names the router and everything of this desa", "desa-parakan-campursalam"),
    ),
    router: v.optional(desaRouterSchema, () => ({ kind: "container" })),
    lan: v.optional(lanSchema, () => ({ size: "/26", devices: "20" })),
  },
  VILLAGE_EXAMPLE,
);

/** The villages (desa and kelurahan) of one kecamatan. */
export const desaSchema = mapping(
  {
    kecamatan: mapping(
      { code: code("kecamatan", '"33.23.08"'), name: words(60, "Parakan") },
      '{ code: "33.23.08", name: Parakan }',
    ),
    pop: v.optional(slug("it names the POP that the villages hang on", "parakan")),
    villages: list(village, 1, `[${VILLAGE_EXAMPLE}]`),
  },
  "kecamatan and villages",
);
export type DesaFile = v.InferOutput<typeof desaSchema>;
export type VillageEntry = DesaFile["villages"][number];
