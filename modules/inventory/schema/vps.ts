import * as v from "valibot";

import { CalendarDate } from "../../core/calendar-date.ts";
import { Fault } from "../../core/fault.ts";
import { SshPublicKey } from "../../core/ssh-public-key.ts";
import type { Audience } from "../model.ts";
import { list, mapping } from "./collections.ts";
import { debianPackages } from "./debian-packages.ts";
import { choice, field, wholeNumber, words, wrongShape, pack } from "./field.ts";
import { byteSizeBetween, duration, label, slug } from "./values.ts";

/** The images a VPS can be made of; each is a folder under images/vps/. */
export const VPS_IMAGES = ["debian-12", "nginx-php", "nodejs", "postgresql-15"] as const;

const PUBLICATION_EXAMPLE = "{ name: ppdb, port: 443, audience: internet }";
const publication = mapping(
  {
    name: label("ppdb"),
    port: wholeNumber(1, 65_535, { why: "it is the TCP port that is opened", example: "443" }),
    audience: audience(),
  },
  PUBLICATION_EXAMPLE,
);

const copies = (byDefault: string) =>
  v.optional(
    wholeNumber(0, 999, { why: "it is how many backups are kept", example: byDefault }),
    byDefault,
  );

const backup = mapping(
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
  },
  "{ every: 24h, paths: [/srv] }",
);

export const vpsSchema = mapping(
  {
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
    cpu: field(parseCpu, {
      id: "cpu-form",
      why: "processors are shared out in quarters",
      example: "2",
    }),
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
    backup,
    drc: v.optional(
      choice(["none", "cold", "warm"], "it says what stands ready at the DRC"),
      "none",
    ),
    expires: field(CalendarDate.parse, {
      id: "date-form",
      why: "a server nobody needs any more is given back",
      example: "2027-12-31",
    }),
    state: v.optional(
      choice(["active", "suspended", "archived"], "a server is in one of three states"),
      "active",
    ),
  },
  "name, owner, purpose and so on, one per line",
);
export type VpsFile = v.InferOutput<typeof vpsSchema>;

/** `internet`, `intranet`, or a list of agencies. */
function audience(): v.GenericSchema<unknown, Audience> {
  const example = "[dinas-kesehatan]";
  const why = "it says who gets through the firewall";
  const one = choice(["internet", "intranet"], `${why}; agencies are written as a list`);
  const agencies = list(slug("it names an agency", "dinas-kesehatan"), 1, example);
  return v.lazy((input) =>
    typeof input === "string" && input !== "" ? one : Array.isArray(input) ? agencies : neither,
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

/** Quarters of a processor, up to 64. */
function parseCpu(text: string): number | Fault {
  const cpu = /^(?:0|[1-9]\d?)(?:\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (cpu >= 0.25 && cpu <= 64 && Number.isInteger(cpu * 4)) return cpu;
  return new Fault(`"${text}" is not a number of processors`, "write a multiple of 0.25 up to 64");
}

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
