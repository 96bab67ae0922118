import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { Fault } from "../modules/core/fault.ts";
import { ensureAuthority } from "../modules/engine/certificate-authority.ts";
import {
  ensureEdgeCertificates,
  type WantedCertificate,
} from "../modules/engine/edge-certificates.ts";
import type { EdgePlan } from "../modules/plan/edge-plan.ts";
import type { SecretsFolder } from "./dns-secrets.ts";

/**
 * Makes the authority and the certificates that are missing, and renews those that end soon.
 *
 * @param secrets folder of the kabupaten's secrets: nothing secret leaves it but to the edge's volume
 */
export function prepareEdgeSecrets(
  edge: EdgePlan,
  domain: string,
  secrets: string,
  now: Date,
): SecretsFolder | Fault {
  const authority = ensureAuthority(authorityFolder(secrets), domain);
  if (authority instanceof Fault) return authority;
  return ensureEdgeCertificates(path.join(secrets, "edge"), wantedOf(edge), authority, now);
}

/** Where the kabupaten's own certificate authority lies. */
export function authorityFolder(secrets: string): string {
  return path.join(secrets, "ca");
}

/** The authority's certificate in PEM; undefined where this machine has none. */
export function authorityCertificate(secrets: string): string | undefined {
  const file = path.join(authorityFolder(secrets), "ca.pem");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** One for each name that the edge ends TLS for, and one for each edge itself. */
function wantedOf({ servers, publications }: EdgePlan): readonly WantedCertificate[] {
  return [
    ...servers.map(({ name, hostname }) => ({ id: name, names: [hostname] })),
    ...publications.filter(({ tls }) => tls === "edge").map(({ id, names }) => ({ id, names })),
  ];
}
