import * as v from "valibot";

import type { Diagnostic } from "../../core/diagnostic.ts";
import type { ParsedYaml } from "../parse-yaml.ts";
import type { Path } from "../yaml-source.ts";
import { MOST_FINDINGS_OF_A_FILE } from "../yaml-tree.ts";
import { unpack } from "./field.ts";

/**
 * Fourth phase: what a file says as typed values, or everything that is wrong with it.
 * A misspelt key is said once: not also as missing under its right name.
 */
export function validate<T>(
  schema: v.GenericSchema<unknown, T>,
  { source, value }: ParsedYaml,
): { value?: T; findings: Diagnostic[] } {
  const result = v.safeParse(schema, value);
  if (result.success) return { value: result.output, findings: [] };
  const complaints = result.issues.map((issue) => ({
    ...unpack(issue.message),
    path: (issue.path ?? []).map(({ key }) => key as string | number),
    isKey: issue.path?.at(-1)?.origin === "key",
  }));
  const misspelt = new Set(
    complaints.flatMap(({ meant, path }) =>
      meant === undefined ? [] : [pathText([...path.slice(0, -1), meant])],
    ),
  );
  return {
    findings: complaints
      .filter(({ id, path }) => id !== "key-missing" || !misspelt.has(pathText(path)))
      .slice(0, MOST_FINDINGS_OF_A_FILE)
      .map(({ id, predicate, why, fix, path, isKey }) => {
        const at = isKey ? source.atKey(...path) : source.at(...path);
        return { id, severity: "error", at, what: `${pathText(path)} ${predicate}`, why, fix };
      }),
  };
}

/** `publish[0].port`; the whole file where the path is empty. */
export function pathText(path: Path): string {
  if (path.length === 0) return "the file";
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
}
