import { InvalidArgumentError, Option } from "commander";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import { Fault } from "../../modules/core/fault.ts";

/** By UTC, so that a merge job says the same wherever it runs. */
export function today(): string {
  return new Date().toISOString().slice(0, "2026-11-23".length);
}

/** The day that a command was told to go by; today where it was told none that there is. */
export function dayOf({ today: said }: { readonly today?: string }): CalendarDate {
  const day = CalendarDate.parse(said ?? today());
  return day instanceof Fault ? dayOf({}) : day;
}

/** `--today DATE`: what will be found on another day. */
export function todayOption(): Option {
  return new Option("--today <date>", "the day to go by, instead of today").argParser((text) => {
    const day = CalendarDate.parse(text);
    if (day instanceof Fault) throw new InvalidArgumentError(`${day.what}; ${day.fix}.`);
    return text;
  });
}
