import * as v from "valibot";

import { CalendarDate } from "../../core/calendar-date.ts";
import { Fault } from "../../core/fault.ts";
import { suggestion } from "../suggestion.ts";
import { mapping } from "./collections.ts";
import { field, words } from "./field.ts";

const date = (why: string, example: string) =>
  field(CalendarDate.parse, { id: "date-form", why, example });

const FINAL_BACKUP = "{ snapshot: 4f2a9c1e, date: 2027-12-31, sha256: ... }";

/** The fields of a VPS file that say how long it lives (ADR-0024). */
export const lifeFields = {
  expires: date("a server nobody needs any more is given back", "2027-12-31"),
  state: v.optional(
    field(parseState, {
      id: "unknown-choice",
      why: "a server is in one of three states; requested and expiring follow from lock and date",
      example: "active",
    }),
    "active",
  ),
  /** The proof that the data is safe, once the server is to go. */
  final_backup: v.optional(
    mapping(
      {
        snapshot: hexadecimal(8, 64, "it names the snapshot in the backup repository", "4f2a9c1e"),
        date: date("it is the day on which the snapshot was restored and compared", "2027-12-31"),
        sha256: hexadecimal(
          64,
          64,
          "it is the SHA-256 of the snapshot's manifest",
          "64 digits 0-9a-f",
        ),
      },
      FINAL_BACKUP,
    ),
  ),
  /** The owner's word that its data need not be kept, and where that is filed. */
  without_backup: v.optional(words(200, "Berita acara 045/12/2027, data sudah dipindahkan")),
};

const STATES = ["active", "suspended", "archived"] as const;
/** Seen on the way through life, written in no file. */
const DERIVED: Readonly<Record<string, string>> = {
  requested: "remove the line: the file is the request, and the server is active once it is merged",
  expiring: "remove the line: it follows from expires",
  expired: "write a later expires, or state: suspended",
};

function parseState(text: string): (typeof STATES)[number] | Fault {
  const known = STATES.find((state) => state === text);
  if (known !== undefined) return known;
  const fix = Object.hasOwn(DERIVED, text) ? DERIVED[text]! : suggestion(text, STATES);
  return new Fault(`"${text}" is not one of ${STATES.join(", ")}`, fix);
}

function hexadecimal(
  least: number,
  most: number,
  why: string,
  example: string,
): v.GenericSchema<unknown, string> {
  const count = least === most ? String(most) : `${least} to ${most}`;
  return field(
    (text) =>
      /^[0-9a-f]+$/.test(text) && text.length >= least && text.length <= most
        ? text
        : new Fault(
            `"${text}" is not a number of ${count} hexadecimal digits`,
            "copy it as it was printed",
          ),
    { id: "hexadecimal-form", why, example },
  );
}
