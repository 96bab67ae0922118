import * as v from "valibot";

import { Fault } from "../../core/fault.ts";
import { SshPublicKey } from "../../core/ssh-public-key.ts";
import { list, mapping } from "./collections.ts";
import { debianPackages } from "./debian-packages.ts";
import { egressSchema } from "./egress.ts";
import { choice, field, wholeNumber, words } from "./field.ts";
import { publication, PUBLICATION_EXAMPLE } from "./publish.ts";
import { byteSizeBetween, duration, processors, slug } from "./values.ts";
import { lifeFields } from "./vps-life.ts";

/** The images a VPS can be made of; each is a folder under images/vps/. */
export const VPS_IMAGES = ["debian-12", "nginx-php", "nodejs", "postgresql-15"] as const;

const copies = (byDefault: string) =>
  v.optional(
    wholeNumber(0, 999, { why: "it is how many backups are kept", example: byDefault }),
    byDefault,
  );

export const backup = mapping(
  {
    every: duration("24h"),
    keep: v.optional(
      mapping(
        { daily: copies("14"), weekly: copies("8"), monthly: copies("12") },
        "{ daily: 14, weekly: 8, monthly: 12 }",
      ),
      () => ({}),
    ),
    paths: list(
      field(parsePath, {
        id: "path-form",
        why: "the backup walks exactly these folders inside the VPS",
        example: "/srv",
      }),
      1,
      "[/srv]",
    ),
    databases: v.optional(
      list(choice(["postgresql"], "each is dumped by its own tool"), 0, "[postgresql]"),
      () => [],
    ),
    size: v.optional(byteSizeBetween("64MiB", "64TiB", "4GiB")),
  },
  "{ every: 24h, paths: [/srv] }",
);

const fields = {
  name: slug("it is the name of the file", "ppdb-online"),
  /** The slug that it had before: its allocations stay. */
  was: v.optional(
    slug("it is the name that it had before, whose addresses it keeps", "ppdb-online"),
  ),
  owner: slug("it names an agency", "dinas-pendidikan"),
  purpose: words(200, "Pendaftaran peserta didik baru"),
  classification: choice(
    ["terbuka", "terbatas", "rahasia"],
    "protection follows the class of the data",
  ),
  cpu: processors("2", 64),
  memory: byteSizeBetween("64MiB", "512GiB", "2GiB"),
  disk: byteSizeBetween("64MiB", "16TiB", "20GiB"),
  image: choice(VPS_IMAGES, "images are built and kept up to date by Dinas"),
  packages: v.optional(debianPackages(), () => []),
  ssh_keys: list(
    field(SshPublicKey.parse, {
      id: "ssh-key-form",
      why: "it is who may log in",
      example: "ssh-ed25519 AAAA... name",
    }),
    1,
    '["ssh-ed25519 AAAA... name"]',
  ),
  publish: v.optional(list(publication, 0, `[${PUBLICATION_EXAMPLE}]`), () => []),
  egress: egressSchema,
  backup,
  drc: v.optional(choice(["none", "cold", "warm"], "it says what stands ready at the DRC"), "none"),
  replication: v.optional(
    choice(["sync", "async"], "it says whether a write of the database waits for the standby"),
    "sync",
  ),
  ...lifeFields,
};

/** Every key of a VPS file, in its order. */
export const VPS_FIELDS = Object.keys(fields);

export const vpsSchema = mapping(fields, "name, owner, purpose and so on, one per line");
export type VpsFile = v.InferOutput<typeof vpsSchema>;

const NOT_DATA = ["/proc", "/sys", "/dev", "/run", "/tmp"];

/** Absolute and normalised, of characters that mean nothing to a shell. */
function parsePath(text: string): string | Fault {
  const steps = text.split("/").slice(1);
  if (!text.startsWith("/"))
    return new Fault(`"${text}" is not an absolute path`, "start it with /");
  if (!/^[A-Za-z0-9._@+/-]+$/.test(text))
    return new Fault(
      `"${text}" is a path with unusual characters`,
      "use letters, digits and . _ @ + -",
    );
  if (steps.some((step) => step === "" || step === "." || step === ".."))
    return new Fault(
      `"${text}" is a path with empty, . or .. steps`,
      "write the folder itself, such as /srv",
    );
  if (NOT_DATA.some((folder) => text === folder || text.startsWith(`${folder}/`)))
    return new Fault(
      `"${text}" is a path that holds no data to keep`,
      "write where the data is, such as /srv",
    );
  return text;
}
