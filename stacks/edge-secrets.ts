import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { Fault } from "../modules/core/fault.ts";
import { ensureAcmeAccount, type AcmeAccount } from "../modules/engine/acme-account.ts";
import { ensureAuthority, type Authority } from "../modules/engine/certificate-authority.ts";
import { ensureEdgeCertificates } from "../modules/engine/edge-certificates.ts";
import type { EdgePlan } from "../modules/plan/edge-plan.ts";
import type { SecretsFolder } from "./dns-secrets.ts";

/** Certificates of the edge as the stack needs them: nothing secret but on disk, in folders of mode 0700. */
export interface EdgeSecrets extends SecretsFolder {
  /** What it answers a certificate authority with that asks after a name (ACME). */
  readonly challengeThumbprint?: string;
}

/**
 * Makes the certificates that are missing; what only ends soon is renewed by `simpul renew`.
 *
 * @param secrets folder of the kabupaten's secrets: nothing secret leaves it but to the edge's volume
 */
export function prepareEdgeSecrets(
  edge: EdgePlan,
  authority: Authority,
  secrets: string,
  now: Date,
): EdgeSecrets | Fault {
  const account = edge.acme && acmeAccount(secrets);
  if (account instanceof Fault) return account;
  const folder = ensureEdgeCertificates(edgeFolder(secrets), edge.certificates, authority, now);
  if (folder instanceof Fault) return folder;
  return { ...folder, ...(account && { challengeThumbprint: account.thumbprint }) };
}

/** The kabupaten's own certificate authority, which is made first where there is none. */
export function prepareAuthority(domain: string, secrets: string): Authority | Fault {
  return ensureAuthority(authorityFolder(secrets), domain);
}

/** Where the edge's certificates go to it from. */
export function edgeFolder(secrets: string): string {
  return path.join(secrets, "edge");
}

/** The kabupaten's account at an authority that is asked by ACME. */
export function acmeAccount(secrets: string): AcmeAccount | Fault {
  return ensureAcmeAccount(path.join(secrets, "acme", "account.key"));
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
