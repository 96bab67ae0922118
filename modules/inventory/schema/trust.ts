import * as v from "valibot";

import { parseAgeRecipient } from "../../core/age-recipient.ts";
import { Fault } from "../../core/fault.ts";
import { SshPublicKey } from "../../core/ssh-public-key.ts";
import { list, mapping } from "./collections.ts";
import { field, words } from "./field.ts";
import { email, slug } from "./values.ts";

const SIGNER_EXAMPLE = "{ name: pusat-data, key: ssh-ed25519 AAAA... }";

/** Machines whose evidence counts. */
export const evidenceSchema = v.optional(
  mapping(
    {
      signers: list(
        mapping(
          {
            name: slug("findings name the machine by it", "pusat-data"),
            key: field(SshPublicKey.parse, {
              id: "signer-key-form",
              why: "the heads of the evidence ledger are verified with it",
              example: "ssh-ed25519 AAAA...",
            }),
          },
          SIGNER_EXAMPLE,
        ),
        0,
        `[${SIGNER_EXAMPLE}]`,
      ),
    },
    `{ signers: [${SIGNER_EXAMPLE}] }`,
  ),
  () => ({ signers: [] }),
);

const CUSTODIAN_EXAMPLE = "{ name: ..., contact: ...@temanggungkab.go.id, age: age1... }";

/** Who keeps a copy of the keys of backups, sealed for each of them alone. */
export const custodians = () =>
  v.optional(
    list(
      mapping(
        {
          name: words(80, "Kepala Bidang Aptika"),
          contact: email(),
          age: field(parseAgeRecipient, {
            id: "custodian-key-form",
            why: "the copies of backup keys are encrypted to it, and nobody opens one that is encrypted to another",
            example: "age1...",
          }),
        },
        CUSTODIAN_EXAMPLE,
      ),
      0,
      `[${CUSTODIAN_EXAMPLE}]`,
    ),
    () => [],
  );

/** Who hears of a nightly run that failed. */
export const alertsSchema = v.optional(
  mapping(
    {
      webhook: v.optional(
        field(parseWebhook, {
          id: "webhook-form",
          why: "a failed run is posted there as JSON",
          example: "https://alarm.temanggungkab.go.id/simpul",
        }),
      ),
      command: v.optional(
        list(words(200, "/usr/local/bin/alarm"), 1, "[/usr/local/bin/alarm, --from, simpul]"),
      ),
    },
    "{ webhook: https://alarm.temanggungkab.go.id/simpul }",
  ),
  () => ({}),
);

/** HTTPS with a name or address; a password in it would stand in git. */
function parseWebhook(text: string): string | Fault {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    return new Fault(`"${text}" is not a web address`, "write it as https://host/path");
  if (url.username !== "" || url.password !== "")
    return new Fault(
      `"${text}" is a web address with a password in it`,
      "use command: with a program that reads its secret from a file of its own",
    );
  return url.href;
}
