import type { Diagnostic } from "./diagnostic.ts";

/**
 * A diagnostic as a person reads it on a terminal or in a pull request, without a final newline:
 *
 *     vps/ppdb-online.yaml:6:9 error size-without-unit
 *       memory is 2, a size without a unit
 *       why: ...
 *       fix: ...
 */
export function diagnosticText({ at, severity, id, what, why, fix }: Diagnostic): string {
  const place = at === undefined ? "" : `${at.file}:${at.line}:${at.column} `;
  return [`${place}${severity} ${id}`, `  ${what}`, `  why: ${why}`, `  fix: ${fix}`].join("\n");
}
