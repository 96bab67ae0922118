import * as v from "valibot";

import { PERANGKAT_DAERAH_KINDS } from "../model.ts";
import { list, mapping } from "./collections.ts";
import { choice, flag, words } from "./field.ts";
import { lanSchema, routerSchema } from "./router.ts";
import { email, label, maintainers, phone, rate, slug } from "./values.ts";

const CONTACT_EXAMPLE = "{ name: Pengelola TIK, email: tik@dindikpora.temanggungkab.go.id }";
const contact = mapping(
  { name: words(80, "Pengelola TIK"), email: email(), phone: v.optional(phone()) },
  CONTACT_EXAMPLE,
);

export const perangkatDaerahSchema = mapping(
  {
    name: words(120, "Dinas Pendidikan, Pemuda dan Olahraga"),
    /** The slug that it had before: its allocations stay. */
    was: v.optional(
      slug("it is the name that it had before, whose addresses it keeps", "dinas-pendidikan"),
    ),
    kind: choice(
      PERANGKAT_DAERAH_KINDS,
      "reports and duties go by the kind of agency (PP 18/2016)",
    ),
    mandiri: v.optional(flag(), "false"),
    contacts: mapping(
      {
        tier1: list(contact, 1, `[${CONTACT_EXAMPLE}]`),
        tier2: v.optional(list(contact, 0, `[${CONTACT_EXAMPLE}]`), () => []),
      },
      `{ tier1: [${CONTACT_EXAMPLE}] }`,
    ),
    maintainers: maintainers(),
    subdomain: label("dindikpora"),
    router: routerSchema,
    lan: lanSchema,
    bandwidth: rate("50Mbps"),
    internet: v.optional(
      choice(["allowed", "none"], "it says whether the agency's LAN may use the internet"),
      "allowed",
    ),
  },
  "name, kind, contacts and so on, one per line",
);
export type PerangkatDaerahFile = v.InferOutput<typeof perangkatDaerahSchema>;
