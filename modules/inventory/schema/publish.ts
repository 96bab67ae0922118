import * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import type { Audience } from "../model.ts";
import { list, mapping } from "./collections.ts";
import { choice, field, wholeNumber, wrongShape, pack } from "./field.ts";
import { label, slug } from "./values.ts";

export const PUBLICATION_EXAMPLE = "{ name: ppdb, port: 443, audience: internet }";

const HOW_MANY = "one name must not take what all names share";
const perSecond = (example: string) =>
  v.optional(wholeNumber(1, 100_000, { why: HOW_MANY, example }));

/** One name under which a VPS is reached by others than its owner, and by whom. */
export const publication = mapping(
  {
    name: label("ppdb"),
    port: wholeNumber(1, 65_535, { why: "it is the TCP port that is opened", example: "443" }),
    audience: audience(),
    to: v.optional(
      wholeNumber(1, 65_535, { why: "it is the port on which the server listens", example: "80" }),
    ),
    tls: v.optional(choice(["edge", "server"], "it says who holds the certificate")),
    client: v.optional(
      choice(["header", "proxy-protocol"], "it says how the server learns who asks"),
    ),
    health: v.optional(
      field(parseRequestPath, {
        id: "path-form",
        why: "the edge asks for it to see whether the service is well",
        example: "/healthz",
      }),
    ),
    limit: v.optional(
      mapping(
        { per_client: perSecond("100"), total: perSecond("1000") },
        "{ per_client: 100, total: 1000 }",
      ),
    ),
  },
  PUBLICATION_EXAMPLE,
);

/** `internet`, `intranet`, or a list of agencies. */
function audience(): v.GenericSchema<unknown, Audience> {
  const example = "[dinas-kesehatan]";
  const why = "it says who gets through the firewall";
  const one = choice(["internet", "intranet"], `${why}; agencies are written as a list`);
  const agencies = list(slug("it names an agency", "dinas-kesehatan"), 1, example);
  return v.pipe(
    v.lazy((input) =>
      typeof input === "string" && input !== "" ? one : Array.isArray(input) ? agencies : neither,
    ),
    v.metadata({ example: "internet" }),
  );
}

const neither = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Audience>(({ dataset, addIssue, NEVER }) => {
    addIssue({
      message: pack(
        wrongShape(dataset.value, "internet, intranet or a list of agencies", "[dinas-kesehatan]"),
      ),
    });
    return NEVER;
  }),
);

/** It becomes a word of HAProxy's configuration, where quotes, blanks and backslashes mean something. */
function parseRequestPath(text: string): string | Fault {
  if (/^\/[A-Za-z0-9._~/?=&-]{0,100}$/.test(text)) return text;
  return new Fault(
    `"${text}" is not a path of a request`,
    "start it with /, and use letters, digits and . _ ~ / ? = & -",
  );
}
