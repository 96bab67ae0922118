import * as v from "valibot";

import { parseEmail } from "../../core/email.ts";
import { Fault } from "../../core/fault.ts";
import { mapping } from "./collections.ts";
import { choice, field } from "./field.ts";

/** Who signs the certificates of published names: our own authority unless written. */
export const certificatesSchema = v.optional(
  mapping(
    {
      authority: choice(["internal", "acme"], "it says who signs certificates"),
      directory: v.optional(
        field(parseDirectory, {
          id: "url-form",
          why: "certificates are asked for there (RFC 8555 section 7.1.1)",
          example: "https://acme-v02.api.letsencrypt.org/directory",
        }),
      ),
      email: v.optional(
        field(parseEmail, {
          id: "email-form",
          why: "the authority writes there before a certificate ends",
          example: "tik@temanggungkab.go.id",
        }),
      ),
    },
    "{ authority: internal }",
  ),
  () => ({ authority: "internal" }),
);

function parseDirectory(text: string): string | Fault {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && url.username === "" && url.href === text) return text;
  return new Fault(
    `"${text}" is not the address of an ACME directory`,
    "write it as https://acme-v02.api.letsencrypt.org/directory",
  );
}
