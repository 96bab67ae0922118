import type { Diagnostic } from "../../core/diagnostic.ts";
import { parseYaml } from "../parse-yaml.ts";
import { validate } from "../schema/validate.ts";
import { vpsSchema } from "../schema/vps.ts";
import { keyOfLine, vpsText, type VpsRequest } from "./vps-text.ts";

/**
 * What is wrong with the answers that are there, by the schema of the file that they go into. What is not there yet is
 * no mistake of theirs.
 */
export async function checkAnswers(
  request: VpsRequest,
): Promise<ReadonlyMap<keyof VpsRequest, readonly Diagnostic[]>> {
  const text = vpsText(request);
  const yaml = await parseYaml("request", text);
  const findings = Array.isArray(yaml) ? yaml : validate(vpsSchema, yaml).findings;
  const byKey = new Map<keyof VpsRequest, Diagnostic[]>();
  for (const finding of findings) {
    const key = keyOfLine(text, finding.at?.line ?? 1);
    const isAbsent = finding.id === "key-missing" && finding.at?.line === 1 && key !== undefined;
    if (key === undefined || (isAbsent && !finding.what.startsWith(`${key}.`))) continue;
    byKey.set(key, [...(byKey.get(key) ?? []), finding]);
  }
  return byKey;
}
