import { Fault } from "./fault.ts";

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * A day of the Gregorian calendar, from 1900 to 2199, with no time and no zone (ISO 8601 `2027-12-31`).
 *
 * Immutable. Two dates are equal when their texts are, and sort as their texts do.
 */
export class CalendarDate {
  private constructor(
    readonly year: number,
    /** 1 to 12. */
    readonly month: number,
    readonly day: number,
    readonly text: string,
  ) {}

  /** Reads `2027-12-31`; a day that does not exist (`2027-02-29`) is a fault that names the month's last. */
  static parse(text: string): CalendarDate | Fault {
    const form = FORM.exec(text);
    if (!form)
      return new Fault(`"${text}" is not a date`, `write it as ${meant(text) ?? "2027-12-31"}`);
    const [year, month, day] = [Number(form[1]), Number(form[2]), Number(form[3])];
    if (year < 1900 || year > 2199)
      return new Fault(`"${text}" is not a date between 1900 and 2199`, "write the year meant");
    if (month < 1 || month > 12)
      return new Fault(
        `"${text}" is a date in a month that does not exist`,
        "months go from 01 to 12",
      );
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    if (day < 1 || day > last)
      return new Fault(
        `"${text}" is a day that does not exist`,
        `the last day of that month is ${text.slice(0, 8)}${last}`,
      );
    return new CalendarDate(year, month, day, text);
  }

  /** Days from this date to the other; negative when the other is earlier. */
  daysUntil(other: CalendarDate): number {
    return (other.#dayNumber() - this.#dayNumber()) / MILLISECONDS_PER_DAY;
  }

  /** The day that many days later; past 2199, the last of that year. */
  plusDays(days: number): CalendarDate {
    const then = new Date(this.#dayNumber() + days * MILLISECONDS_PER_DAY);
    const text = then.toISOString().slice(0, "2027-12-31".length);
    const day = CalendarDate.parse(text);
    return day instanceof CalendarDate ? day : new CalendarDate(2199, 12, 31, "2199-12-31");
  }

  isBefore(other: CalendarDate): boolean {
    return this.text < other.text;
  }

  #dayNumber(): number {
    return Date.UTC(this.year, this.month - 1, this.day);
  }

  toString(): string {
    return this.text;
  }
}

/** `31/12/2027`, `31-12-2027` and `2027/12/31`, as people here write dates, and the day of a moment. */
function meant(moment: string): string | undefined {
  const text = moment.replace(/(?<=\d)[T ]\d{2}:.*$/, "");
  const dayFirst = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  const [year, month, day] = yearFirst
    ? yearFirst.slice(1)
    : (dayFirst?.slice(1).toReversed() ?? []);
  if (year === undefined) return undefined;
  const candidate = `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}`;
  return candidate !== moment && CalendarDate.parse(candidate) instanceof CalendarDate
    ? candidate
    : undefined;
}
