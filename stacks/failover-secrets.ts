import path from "node:path";

import { Fault } from "../modules/core/fault.ts";
import { ensureAuthority } from "../modules/engine/certificate-authority.ts";
import { ensureFailoverKeys, type FailoverKeys } from "../modules/engine/failover-keys.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { authorityFolder } from "./edge-secrets.ts";

/**
 * Makes the keys of voters and databases that are missing, and renews certificates that end soon.
 *
 * @param secrets folder of the kabupaten's secrets
 */
export function prepareFailoverSecrets(
  { domain, failover, vps }: KabupatenPlan,
  secrets: string,
  now: Date,
): FailoverKeys | Fault {
  const authority = ensureAuthority(authorityFolder(secrets), domain);
  if (authority instanceof Fault) return authority;
  const databases = (failover?.databases ?? []).map(({ service }) => ({
    service,
    hostname: vps.find(({ name }) => name === service)!.hostname,
  }));
  return ensureFailoverKeys(path.join(secrets, "failover"), databases, authority, now);
}
