import * as v from "valibot";

import { CalendarDate } from "../../core/calendar-date.ts";
import { Fault } from "../../core/fault.ts";
import { parseSlug } from "../../core/slug.ts";
import { SshPublicKey } from "../../core/ssh-public-key.ts";
import { UnitRange } from "../../core/unit-range.ts";
import { DEVICE_KINDS, type SwitchPort } from "../rack.ts";
import { list, mapping, table } from "./collections.ts";
import { choice, field, flag, wholeNumber, words } from "./field.ts";
import { slug } from "./values.ts";
import { publication } from "./publish.ts";
import { backup } from "./vps.ts";

const units = (example: string) =>
  field(UnitRange.parse, {
    id: "unit-form",
    why: "racks are labelled with whole units from below (IEC 60297)",
    example,
  });

const watts = (example: string) =>
  wholeNumber(1, 100_000, { why: "it is a power in watts", example });

const FEED_EXAMPLE = "{ amperes: 16, volts: 220 }";
const feed = mapping(
  {
    watts: v.optional(watts("3520")),
    amperes: v.optional(wholeNumber(1, 250, { why: "it is the fuse of the feed", example: "16" })),
    volts: v.optional(wholeNumber(12, 480, { why: "it is the feed's voltage", example: "220" })),
  },
  FEED_EXAMPLE,
);

const SERVER_EXAMPLE = "{ purpose: ..., classification: terbatas, backup: ... }";
const server = mapping(
  {
    purpose: words(200, "Sistem informasi manajemen rumah sakit"),
    classification: choice(
      ["terbuka", "terbatas", "rahasia"],
      "protection follows the class of the data",
    ),
    /** The machine in the rack itself; without it a container stands for it. */
    external: v.optional(flag(), "false"),
    ssh_keys: v.optional(
      list(
        field(SshPublicKey.parse, {
          id: "ssh-key-form",
          why: "it is who may log in",
          example: "ssh-ed25519 AAAA... name",
        }),
        0,
        '["ssh-ed25519 AAAA... name"]',
      ),
      () => [],
    ),
    publish: v.optional(
      list(publication, 0, "[{ name: simrs, port: 443, audience: intranet }]"),
      () => [],
    ),
    backup,
    drc: v.optional(
      choice(["none", "cold", "warm"], "it says what stands ready at the DRC"),
      "none",
    ),
  },
  SERVER_EXAMPLE,
);

const DEVICE_EXAMPLE = "{ kind: switch, owner: dinas-kominfo, units: 42 }";
const device = mapping(
  {
    kind: choice(DEVICE_KINDS, "it says what stands there"),
    owner: slug("it names the agency whose property it is", "dinas-kominfo"),
    units: units("12-13"),
    face: v.optional(
      choice(["full", "front", "back"], "what is not of full depth leaves room behind it"),
      "full",
    ),
    power: v.optional(
      mapping({ a: v.optional(watts("225")), b: v.optional(watts("225")) }, "{ a: 225, b: 225 }"),
      () => ({}),
    ),
    ports: v.optional(
      list(
        field(parseSwitchPort, {
          id: "switch-port-form",
          why: "it says which cable belongs to it",
          example: "sw-akses-1/12",
        }),
        0,
        "[sw-akses-1/12]",
      ),
      () => [],
    ),
    model: v.optional(words(80, "Dell PowerEdge R650xs")),
    serial: v.optional(words(40, "7XK2Q93")),
    asset: v.optional(words(60, '"1.3.2.10.01.0042"')),
    warranty: v.optional(
      field(CalendarDate.parse, {
        id: "date-form",
        why: "it is the last day of the maker's warranty",
        example: "2028-06-30",
      }),
    ),
    state: v.optional(
      choice(["installed", "planned", "off", "removed"], "a device is in one of four states"),
      "installed",
    ),
    server: v.optional(server),
  },
  DEVICE_EXAMPLE,
);
export type DeviceFile = v.InferOutput<typeof device>;
export type FeedFile = v.InferOutput<typeof feed>;

export const colocationSchema = mapping(
  {
    name: slug("it is the name of the file", "rak-a"),
    site: choice(["pusat-data", "drc"], "a rack stands at one of the two sites"),
    units: wholeNumber(1, 60, { why: "it is the rack's height in units", example: "42" }),
    feeds: mapping({ a: feed, b: v.optional(feed) }, `{ a: ${FEED_EXAMPLE} }`),
    blanks: v.optional(list(units("30-32"), 0, "[1, 30-32]"), () => []),
    devices: v.optional(table(device, 0, `{ sw-akses-1: ${DEVICE_EXAMPLE} }`), () => ({})),
  },
  "name, site, units, feeds and devices, one per line",
);
export type ColocationFile = v.InferOutput<typeof colocationSchema>;

/** `sw-akses-1/12`, `sw-akses-1/Gi1/0/12`. */
function parseSwitchPort(text: string): SwitchPort | Fault {
  const [, name = "", port = ""] = /^([^/]*)\/([A-Za-z0-9][A-Za-z0-9/._-]{0,19})$/.exec(text) ?? [];
  if (port === "")
    return new Fault(`"${text}" is not a switch and its port`, "write it as sw-akses-1/12");
  const parsed = parseSlug(name);
  return parsed instanceof Fault ? parsed : { device: parsed, port };
}
