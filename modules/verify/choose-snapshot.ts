import { Fault } from "../core/fault.ts";
import type { ResticSnapshot } from "../engine/restic-snapshots.ts";

/** Hours ahead of UTC. */
const ZONES: Readonly<Record<string, string>> = {
  "Asia/Jakarta": "+07:00",
  "Asia/Makassar": "+08:00",
  "Asia/Jayapura": "+09:00",
};

/**
 * The newest backup, or the newest that was there `at`: a time (`2026-11-23 02:00` in the kabupaten's own, a day, or
 * RFC 3339), or the beginning of a snapshot's id.
 */
export function chooseSnapshot(
  snapshots: readonly ResticSnapshot[],
  at: string | undefined,
  timezone: string,
): ResticSnapshot | Fault {
  const newest = snapshots.at(-1);
  if (newest === undefined) return new Fault("there is no backup", "see simpul verify backup");
  if (at === undefined) return newest;
  if (/^[0-9a-f]{8,64}$/.test(at)) {
    const found = snapshots.filter(({ id }) => id.startsWith(at));
    return found.length === 1
      ? found[0]!
      : new Fault(`"${at}" names ${found.length} snapshots`, `name one of ${listed(snapshots)}`);
  }
  const time = momentOf(at, timezone);
  if (time === undefined)
    return new Fault(
      `"${at}" is neither a time nor the id of a snapshot`,
      'write it as "2026-11-23 02:00", or as the first 8 digits of an id',
    );
  const found = snapshots.findLast((one) => Date.parse(one.time) <= time);
  return (
    found ??
    new Fault(
      `"${at}" is before the first backup`,
      `name one of ${listed(snapshots)}, or a later time`,
    )
  );
}

function momentOf(at: string, timezone: string): number | undefined {
  const form =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(at);
  if (form === null) return undefined;
  const [, day, clock = "23:59:59", zone = ZONES[timezone]!] = form;
  const time = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

function listed(snapshots: readonly ResticSnapshot[]): string {
  return snapshots
    .slice(-5)
    .map(({ id, time }) => `${id.slice(0, 8)} (${time.slice(0, 16).replace("T", " ")})`)
    .join(", ");
}
