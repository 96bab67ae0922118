import type { CalendarDate } from "../core/calendar-date.ts";
import { Fault } from "../core/fault.ts";
import { Prefix } from "../core/prefix.ts";
import { fillOf, type FillPoint } from "./pool-fill.ts";
import type { SpaceUse } from "./ip-utilisation.ts";
import type { LockHistory } from "./lock-history.ts";

/** When a space is full if it goes on filling as it did. */
export type Forecast =
  | { readonly unknown: string }
  | {
      /** The first day that is known. */
      readonly since: string;
      /** Units (addresses, or /64s) in 30 days; negative where more was freed than given out. */
      readonly perMonth: number;
      /** Absent when it does not fill, or not within ten years: the past says nothing about that. */
      readonly fullOn?: string;
    };

/** Less says more about the week in which somebody began than about a rate. */
const LEAST_DAYS = 30;
const FURTHEST_DAYS = 3650;
const MONTH_DAYS = 30;

/**
 * A straight line (least squares) through how full each space was on every day on which the lock changed, and is
 * today. What happened before the first day is not guessed.
 */
export function forecasts(
  uses: readonly SpaceUse[],
  history: LockHistory | Fault,
  today: CalendarDate,
): readonly Forecast[] {
  const unknown = whyUnknown(history, today);
  if (unknown !== undefined || history instanceof Fault)
    return uses.map(() => ({ unknown: unknown! }));
  const fill = fillOf(history);
  return uses.map((use) => forecast(use, fill(prefixOf(use), use), today));
}

/** Why nothing can be said of any space; undefined where something can. */
function whyUnknown(history: LockHistory | Fault, today: CalendarDate): string | undefined {
  if (history instanceof Fault) return history.what;
  const [first] = history.changes;
  if (first === undefined) return "no commit has the lock yet";
  const days = first.day.daysUntil(today);
  if (days >= LEAST_DAYS) return undefined;
  const clone = history.isShallow ? " in this shallow clone" : "";
  return `the lock's history${clone} is ${days} days long, and a rate takes ${LEAST_DAYS}`;
}

function forecast(
  { used, free }: SpaceUse,
  points: readonly FillPoint[],
  today: CalendarDate,
): Forecast {
  const since = points[0]!.day;
  const known = [...points.filter(({ day }) => day.isBefore(today)), { day: today, used }].map(
    ({ day, used: level }) => ({ x: since.daysUntil(day), y: level }),
  );
  const perDay = slope(known);
  const perMonth = Math.round(perDay * MONTH_DAYS * 10) / 10;
  const days = perDay > 0 ? Math.ceil(free / perDay) : Infinity;
  return {
    since: since.text,
    perMonth,
    ...(perMonth > 0 && days <= FURTHEST_DAYS && { fullOn: today.plusDays(days).text }),
  };
}

function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (pick: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}

function prefixOf({ prefix }: SpaceUse): Prefix {
  const parsed = Prefix.parse(prefix);
  if (parsed instanceof Fault) throw new Error(`the plan wrote ${prefix}`);
  return parsed;
}
