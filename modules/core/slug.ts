import { Fault } from "./fault.ts";

/**
 * 41 characters keep `simpul-<kabupaten>-<role>-<name>` (section 10 of the design) under 128 even for the
 * longest kabupaten and role, and a slug alone under the 63 of a host name's label.
 */
const LONGEST = 41;
const FORM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** The name of a thing in files, on engines and in host names: `dinas-pendidikan`. */
export function parseSlug(text: string): string | Fault {
  if (text.length > LONGEST)
    return new Fault(`"${text}" is longer than ${LONGEST} characters`, "shorten it");
  if (FORM.test(text)) return text;
  const meant = slugOf(text);
  const fix =
    FORM.test(meant) && meant.length <= LONGEST
      ? `write ${meant}`
      : "start with a letter; use a-z, 0-9 and single hyphens between";
  return new Fault(`"${text}" is not a slug`, fix);
}

/** `Tanjung Jabung (Barat)` -> `tanjung-jabung-barat`; may be empty or start with a digit, so parse it. */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[\p{M}'\u2019`]/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
