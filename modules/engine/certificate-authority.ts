import { spawnSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { ensureSecretFile } from "./secrets-file.ts";

/** The kabupaten's own certificate authority: its certificate is for everybody, its key stays where it is. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  readonly certificateFile: string;
  /** Secret, mode 0600. */
  readonly keyFile: string;
}

/** An authority lives longer than the devices that trust it; a leaf is renewed every two months. */
const DAYS = { authority: 3650, leaf: 90 };

/**
 * Reads the authority in the folder, which is made first where there is none. It may sign names below the domain only
 * (RFC 5280 section 4.2.1.10): whoever trusts it trusts it for nothing else.
 *
 * @returns a Fault when it is damaged or open to others; it is left as it is
 */
export function ensureAuthority(directory: string, domain: string): Authority | Fault {
  const keyFile = path.join(directory, "ca.key");
  const certificateFile = path.join(directory, "ca.pem");
  if (existsSync(certificateFile) && !existsSync(keyFile)) return damaged(keyFile);
  const key = ensureSecretFile(keyFile, newPrivateKey);
  if (key instanceof Fault) return key;
  const certificate = ensureSecretFile(certificateFile, () => selfSigned(keyFile, domain));
  if (certificate instanceof Fault) return certificate;
  return { certificate, certificateFile, keyFile };
}

/**
 * A certificate for these names, valid for 90 days, and its key: one text in PEM, as HAProxy reads it.
 * @throws Error when openssl refuses; the names are the plan's
 */
export function issueCertificate(authority: Authority, names: readonly string[]): string {
  const key = newPrivateKey();
  const certificate = openssl(
    [
      ...["req", "-x509", "-new", "-sha256", "-days", String(DAYS.leaf), "-key", "key"],
      ...["-CA", authority.certificateFile, "-CAkey", authority.keyFile, "-config", "config"],
    ],
    {
      key,
      config: requestConfig(commonName(names), [
        "basicConstraints = critical, CA:FALSE",
        "keyUsage = critical, digitalSignature",
        "extendedKeyUsage = serverAuth",
        `subjectAltName = ${names.map((name) => `DNS:${name}`).join(", ")}`,
        "subjectKeyIdentifier = hash",
        "authorityKeyIdentifier = keyid",
      ]),
    },
  );
  return `${certificate}${key}`;
}

/** Private key on the curve P-256, PKCS #8 in PEM. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The first certificate of a text in PEM; undefined when there is none. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function selfSigned(keyFile: string, domain: string): string {
  return openssl(
    [
      ...["req", "-x509", "-new", "-sha256", "-days", String(DAYS.authority)],
      ...["-key", keyFile, "-config", "config"],
    ],
    {
      config: requestConfig(commonName([`CA ${domain}`]), [
        "basicConstraints = critical, CA:TRUE, pathlen:0",
        "keyUsage = critical, keyCertSign, cRLSign",
        `nameConstraints = critical, permitted;DNS:${domain}`,
        "subjectKeyIdentifier = hash",
      ]),
    },
  );
}

/** A common name has 64 characters at most (RFC 5280 appendix A.1); browsers look at the alternative names alone. */
function commonName([name = ""]: readonly string[]): string {
  return name.slice(0, 64);
}

function requestConfig(name: string, extensions: readonly string[]): string {
  return `[req]
prompt = no
distinguished_name = subject
x509_extensions = extensions
[subject]
CN = ${name}
[extensions]
${extensions.join("\n")}
`;
}

/** Runs openssl in a folder of mode 0700 that holds these files and goes with it. */
function openssl(args: readonly string[], files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "simpul-openssl-"));
  try {
    for (const [name, text] of Object.entries(files))
      writeFileSync(path.join(folder, name), text, { mode: 0o600 });
    const { status, stdout, stderr, error } = spawnSync("openssl", args, {
      cwd: folder,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${error?.message ?? stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function damaged(file: string): Fault {
  return new Fault(
    `${file} is missing, and its certificate is there`,
    "bring the folder of secrets back from its copy; only where there is none, move ca.pem away, and give the new one to all who trust the old",
  );
}
