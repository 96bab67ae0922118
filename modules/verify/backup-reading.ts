/** Every pack is read whole, and each blob in it decrypted, at least once in so many days. */
export const READ_WITHIN_DAYS = 7;

/** When each part of the packs was last read, in milliseconds since 1970; undefined where never. Parts count from 0. */
export type PartsRead = readonly (number | undefined)[];

/** Nothing was read yet. */
export const NEVER_READ: PartsRead = Array.from({ length: READ_WITHIN_DAYS }, () => undefined);

const DAY = 86_400_000;
/** A nightly run does not begin at the same second each night. */
const SLACK = DAY / 4;

/**
 * Parts to read now: those that would be older than promised before tomorrow's run, and else the oldest one, once a
 * day. All of them where they are asked for, or where most are due.
 */
export function partsDue(parts: PartsRead, now: number, full: boolean): readonly number[] {
  const all = parts.map((_, part) => part);
  if (full) return all.filter((part) => !isOfToday(parts[part], now));
  const overdue = all.filter((part) => isDue(parts[part], now));
  if (overdue.length * 2 > parts.length) return all;
  if (overdue.length > 0 || parts.some((read) => isOfToday(read, now))) return overdue;
  const oldest = Math.min(...parts.map((read) => read ?? 0));
  return [parts.findIndex((read) => (read ?? 0) === oldest)];
}

function isDue(read: number | undefined, now: number): boolean {
  return read === undefined || now - read > (READ_WITHIN_DAYS - 1) * DAY - SLACK;
}

function isOfToday(read: number | undefined, now: number): boolean {
  return read !== undefined && now - read >= 0 && now - read < DAY - SLACK;
}

/** The same with some parts read now. */
export function withRead(parts: PartsRead, read: readonly number[], now: number): PartsRead {
  return parts.map((before, part) => (read.includes(part) ? now : before));
}

/** Days since the part that was not read for longest was read; undefined where one never was. */
export function oldestReadDays(parts: PartsRead, now: number): number | undefined {
  const ages = parts.map((read) => (read === undefined ? undefined : (now - read) / DAY));
  return ages.some((age) => age === undefined) ? undefined : Math.max(...(ages as number[]));
}
