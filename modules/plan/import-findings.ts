import type { Diagnostic, Place } from "../core/diagnostic.ts";
import { suggestion } from "../inventory/suggestion.ts";

const NOTHING = "nothing is imported while one line is wrong: half a plan would look whole";

/** A line of the CSV that cannot be read. */
export function importForm(at: Place, what: string, fix: string): Diagnostic {
  return { id: "import-form", severity: "error", at, what, why: NOTHING, fix };
}

/** Two rows for one thing in one family. */
export function importTwice(at: Place, key: string, other: Place): Diagnostic {
  return {
    id: "import-twice",
    severity: "error",
    at,
    what: `${key} already stands in line ${other.line}`,
    why: "one thing has one number of each family",
    fix: "remove the line that is not in use",
  };
}

/** A row for something that the inventory does not have. */
export function importUnknown(at: Place, key: string, known: readonly string[]): Diagnostic {
  return {
    id: "import-unknown",
    severity: "error",
    at,
    what: `nothing in the inventory is ${key}`,
    why: "a number is pinned for what is in the inventory; anything else would never be used",
    fix: known.length > MOST_SHOWN ? nearOr(key, known) : suggestion(key, known),
  };
}

const MOST_SHOWN = 12;

function nearOr(key: string, known: readonly string[]): string {
  const kind = known.filter((each) => each.startsWith(`${key.split("/")[0]}/`));
  const near = suggestion(key, kind.length > 0 ? kind : known);
  return near.length < 200
    ? near
    : "add it to the inventory, or see simpul ip list for what is in it";
}

/** A row that contradicts the lock. */
export function importDiffers(
  at: Place,
  key: string,
  value: string,
  pinned: string,
  place: string,
): Diagnostic {
  return {
    id: "import-differs",
    severity: "error",
    at,
    what: `${key} would be ${value}, and ${place} pins it to ${pinned}`,
    why: "what is pinned is in use on devices",
    fix: "remove the row, or the line of the lock if the row is what runs",
  };
}
