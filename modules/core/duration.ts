import { Fault } from "./fault.ts";

const FORM = /^([1-9]\d{0,5})([smhd])$/;
const LOOSE_FORM = /^(\d+)\s*(s|m|h|d|sec|min|hour|day|w|week)(?:s|onds?|utes?)?$/i;
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const LARGEST = 3660 * SECONDS.d;

/**
 * A length of time in one unit: `30s`, `15m`, `24h`, `7d`. At most about ten years.
 *
 * Immutable, and keeps the text that a person wrote: 24h and 1d are equally long, and both stand in contracts.
 */
export class Duration {
  private constructor(
    readonly seconds: number,
    readonly text: string,
  ) {}

  static parse(text: string): Duration | Fault {
    const form = FORM.exec(text);
    if (!form) return misread(text);
    const seconds = Number(form[1]) * SECONDS[form[2] as keyof typeof SECONDS];
    if (seconds > LARGEST)
      return new Fault(`"${text}" is more than ten years`, "write a shorter time");
    return new Duration(seconds, text);
  }

  toString(): string {
    return this.text;
  }
}

function misread(text: string): Fault {
  if (/^[1-9]\d*$/.test(text))
    return new Fault(`"${text}" is a time without a unit`, `write ${text}h`, {
      id: "time-without-unit",
      why: `${text} could mean minutes, hours or days`,
    });
  const loose = LOOSE_FORM.exec(text);
  if (!loose || Number(loose[1]) === 0)
    return new Fault(`"${text}" is not a length of time`, "write it as 15m, 24h or 7d");
  const letter = loose[2]![0]!.toLowerCase();
  const meant = letter === "w" ? `${Number(loose[1]) * 7}d` : `${Number(loose[1])}${letter}`;
  return new Fault(`"${text}" is not a length of time in s, m, h or d`, `write ${meant}`);
}
