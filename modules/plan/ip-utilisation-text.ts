import type { SpaceUse } from "./ip-utilisation.ts";
import type { Forecast } from "./pool-forecast.ts";
import { columns } from "./text-columns.ts";

/** A space, and when it is full. */
export type SpaceOutlook = SpaceUse & { readonly forecast: Forecast };

/** From here on a POP's share is shown without being asked for. */
const NEARLY_FULL_PERCENT = 75;

/**
 * Columns of equal width. Of all pools at once, POPs' shares are shown where little is left: a kabupaten has some
 * hundred of them. `asked`: one pool was named, so that its shares are shown, too.
 */
export function utilisationTable(spaces: readonly SpaceOutlook[], asked: boolean): string {
  const shown = spaces.filter(
    ({ share, percent }) => asked || share === undefined || percent >= NEARLY_FULL_PERCENT,
  );
  const hidden = spaces.length - shown.length;
  const isKnown = spaces.some(({ forecast }) => !("unknown" in forecast));
  const outlook = isKnown ? ["A MONTH", "FULL ON"] : [];
  const table = columns([
    ["POOL", "SHARE OF", "PREFIX", "USED", "FREE", "FULL", "LARGEST FREE", ...outlook],
    ...shown.map((space) => [...row(space), ...(isKnown ? outlookOf(space) : [])]),
  ]);
  return hidden === 0
    ? table
    : `${table}\n${hidden} shares of POPs have room and are not shown; name a pool to see its own`;
}

/** What the forecast rests on, in one line. */
export function forecastNote(
  spaces: readonly SpaceOutlook[],
  { uncommitted, isShallow }: { readonly uncommitted: number; readonly isShallow: boolean },
): string {
  const [forecast] = spaces.map((space) => space.forecast);
  if (forecast === undefined) return "";
  if ("unknown" in forecast) return `When pools are full is unknown: ${forecast.unknown}`;
  const cut = isShallow ? " (this clone is shallow and knows nothing older)" : "";
  const pending =
    uncommitted === 0 ? "" : `; ${uncommitted} of its lines are in no commit and count as of today`;
  return `Forecast: a straight line through the lock's history in git since ${forecast.since}${cut}${pending}`;
}

function row({ pool, share, prefix, unit, used, free, percent, largestFree }: SpaceUse): string[] {
  const size = unit === "/64" ? " x /64" : "";
  const full = `${percent.toFixed(1)} %`;
  return [
    pool,
    share ?? "",
    prefix,
    `${used}${size}`,
    `${free}${size}`,
    full,
    largestFree ?? "none",
  ];
}

function outlookOf({ free, forecast }: SpaceOutlook): string[] {
  if ("unknown" in forecast) return ["unknown", "unknown"];
  const { perMonth, fullOn } = forecast;
  const rate = perMonth > 0 ? `+${perMonth}` : String(perMonth);
  if (free === 0) return [rate, "full"];
  return [rate, fullOn ?? (perMonth > 0 ? "in over ten years" : "not filling")];
}
