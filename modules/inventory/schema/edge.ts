import * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import { mapping } from "./collections.ts";
import { choice, field } from "./field.ts";
import { email } from "./values.ts";

const EXAMPLE =
  "{ certificates: acme, directory: https://acme-v02.api.letsencrypt.org/directory, contact: kominfo@temanggungkab.go.id }";

/**
 * Who vouches for names that are open to the internet: an authority that is asked by ACME (RFC 8555), at its directory,
 * and told of by mail when something ends. Without it the kabupaten's own authority does, as for all other names.
 */
export const edgeSchema = v.optional(
  mapping(
    {
      certificates: choice(
        ["acme"],
        "names of the internet have certificates of the kabupaten's own authority, or of one that is asked by ACME",
      ),
      directory: field(parseDirectory, {
        id: "acme-directory-form",
        why: "orders for certificates begin there (RFC 8555 section 7.1.1)",
        example: "https://acme-v02.api.letsencrypt.org/directory",
      }),
      contact: email(),
    },
    EXAMPLE,
  ),
);

/** An HTTPS address without a name or password in it. */
function parseDirectory(text: string): string | Fault {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.protocol === "https:" && url.username === "" && url.password === "";
  if (isPlain && !/[\s"'\\]/.test(text)) return text;
  return new Fault(
    `"${text}" is not the address of an ACME directory`,
    "write the address that the authority names, as https://acme-v02.api.letsencrypt.org/directory",
  );
}
