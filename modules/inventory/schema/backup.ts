import * as v from "valibot";

import { mapping } from "./collections.ts";
import { custodians } from "./trust.ts";
import { duration, rate } from "./values.ts";

/** In kabupaten.yaml: how backups run, where the defaults do not fit. */
export const backupSettingsSchema = v.optional(
  mapping(
    {
      custodians: custodians(),
      upload: v.optional(rate("400Mbps"), "400Mbps"),
      copy: v.optional(
        mapping(
          {
            every: v.optional(duration("10m"), "10m"),
            upload: v.optional(rate("100Mbps"), "100Mbps"),
          },
          "{ every: 10m, upload: 100Mbps }",
        ),
        () => ({}),
      ),
    },
    "{ upload: 400Mbps, copy: { every: 10m, upload: 100Mbps } }",
  ),
  () => ({}),
);
