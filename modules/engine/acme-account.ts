import { createHash, createPrivateKey } from "node:crypto";

import { Fault } from "../core/fault.ts";
import { newPrivateKey } from "./certificate-authority.ts";
import { ensureSecretFile } from "./secrets-file.ts";

/** An account at a certificate authority that is asked by ACME (RFC 8555). */
export interface AcmeAccount {
  /** Secret, in PEM: whoever has it can ask for certificates in our name. */
  readonly key: string;
  /** SHA-256 of the public key (RFC 7638), base64url: what the edge answers a challenge with. Known to everybody. */
  readonly thumbprint: string;
}

/** The account's key, which is made first where there is none. */
export function ensureAcmeAccount(file: string): AcmeAccount | Fault {
  const key = ensureSecretFile(file, newPrivateKey);
  return key instanceof Fault ? key : { key, thumbprint: thumbprint(key) };
}

/** Members in the order of their names, without spaces (RFC 7638 section 3). */
function thumbprint(key: string): string {
  const { crv, kty, x, y } = createPrivateKey(key).export({ format: "jwk" });
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}
