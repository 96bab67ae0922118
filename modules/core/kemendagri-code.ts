import { Fault } from "./fault.ts";

/** What a code of the Ministry of Home Affairs names; each level's code starts with its parent's. */
export type AdministrativeLevel = "kabupaten" | "kecamatan" | "desa";

const FORMS = {
  kabupaten: /^\d{2}\.\d{2}$/,
  kecamatan: /^\d{2}\.\d{2}\.\d{2}$/,
  /** The first digit of the last part: 1 kelurahan, 2 desa, 3 desa adat. */
  desa: /^\d{2}\.\d{2}\.\d{2}\.[123]\d{3}$/,
} as const;
const EXAMPLES = {
  kabupaten: '"33.23"',
  kecamatan: '"33.23.08"',
  desa: '"33.23.08.1001"',
} as const;

/** Reads `33.23`, `33.23.08` or `33.23.08.1001`, as its level has it (Permendagri 72/2019). */
export function parseKemendagriCode(level: AdministrativeLevel): (text: string) => string | Fault {
  return (text) => {
    if (FORMS[level].test(text)) return text;
    const meant = text.replace(/^(\d{2})(\d{2})(\d{2})?(\d{4})?$/, withDots);
    const fix = FORMS[level].test(meant)
      ? `write "${meant}"`
      : `look it up in the ministry's list: it has the form of ${EXAMPLES[level]}`;
    return new Fault(`"${text}" is not the code of a ${level}`, fix);
  };
}

/** `3323` is `33.23`, as statistics offices write codes. */
function withDots(_: string, ...parts: readonly (string | number | undefined)[]): string {
  return parts
    .slice(0, 4)
    .filter((part) => part !== undefined)
    .join(".");
}

/** True when the area lies in the larger one: `33.23.08` in `33.23`. */
export function liesIn(code: string, larger: string): boolean {
  return code.startsWith(`${larger}.`);
}

/** An urban village under a camat, run by the kabupaten; the others govern themselves. */
export function isKelurahan(desaCode: string): boolean {
  return /\.1\d{3}$/.test(desaCode);
}
