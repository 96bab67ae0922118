import { readFileSync } from "node:fs";
import path from "node:path";

import type { SiteName } from "../modules/inventory/site-model.ts";

/**
 * Key of a repository, as `prepareBackupSecrets` made it; undefined where this machine does not have it.
 * @param secrets folder of the kabupaten's secrets
 */
export function repositoryPassword(
  secrets: string,
  repository: string,
  site: SiteName,
): string | undefined {
  const file = site === "drc" ? "drc-password" : "password";
  try {
    return readFileSync(path.join(secrets, "backup", repository, file), "utf8");
  } catch {
    return undefined;
  }
}
