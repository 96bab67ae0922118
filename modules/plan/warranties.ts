import type { CalendarDate } from "../core/calendar-date.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { Rack } from "../inventory/rack.ts";
import { standing } from "./rack-units.ts";

/** Devices whose maker no longer mends them. */
export function endedWarranties(
  racks: readonly Rack[],
  today: CalendarDate,
): readonly Diagnostic[] {
  return racks.flatMap((rack) =>
    standing(rack).flatMap(({ name, warranty, origin }) =>
      warranty === undefined || !warranty.isBefore(today)
        ? []
        : [
            {
              id: "warranty-ended",
              severity: "warning" as const,
              at: origin.at("warranty"),
              what: `the warranty of ${name} ended on ${warranty}`,
              why: "the Pusat Data guarantees up-time: a part that fails now waits for money and a supplier",
              fix: "renew it and write the new date, plan its replacement, or remove warranty: if nobody will",
            },
          ],
    ),
  );
}
