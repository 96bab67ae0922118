import { createPrivateKey } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { stableHex } from "../core/stable-hash.ts";
import { issueCertificate, readCertificate, type Authority } from "./certificate-authority.ts";
import { ensureSecretFile, replaceSecretFile } from "./secrets-file.ts";

/** A certificate that an edge needs. */
export interface WantedCertificate {
  /** Name of its file. */
  readonly id: string;
  readonly names: readonly string[];
}

/** What the folder of an edge's certificates holds. */
export interface EdgeCertificates {
  readonly directory: string;
  /** Changes with the content, and tells nothing about it: the keys in it are random. */
  readonly fingerprint: string;
}

/** Whole days before its end on which a certificate is renewed: time for several nights' failures. */
const RENEW_DAYS = 30;
const DAY = 86_400_000;

/**
 * Sees to it that the folder holds a sound certificate for each that is wanted, and none else. One that ends
 * within 30 days or has another authority's signature is replaced.
 *
 * They are kept in a store beside the folder, by their names: a plan of other files takes none away from what runs, and
 * with the first files again, everything is as it was.
 *
 * @param directory its `certs` go to the edge, as `<id>.pem`: certificate, chain and key
 */
export function ensureEdgeCertificates(
  directory: string,
  wanted: readonly WantedCertificate[],
  authority: Authority,
  now: Date,
): EdgeCertificates | Fault {
  const folder = path.join(directory, "certs");
  const texts: string[] = [];
  for (const { id, names } of wanted) {
    const kept = path.join(`${directory}-store`, `${id}.${stableHex(names.join(" "), 8)}.pem`);
    const text = ensureSecretFile(kept, () => issueCertificate(authority, names));
    if (text instanceof Fault) return text;
    const sound = isSound(text, names, authority, now) ? text : issueCertificate(authority, names);
    if (sound !== text) replaceSecretFile(kept, sound);
    const file = path.join(folder, `${id}.pem`);
    const shipped = ensureSecretFile(file, () => sound);
    if (shipped instanceof Fault) return shipped;
    if (shipped !== sound) replaceSecretFile(file, sound);
    texts.push(`${id}\n${sound}`);
  }
  forget(folder, wanted);
  return { directory, fingerprint: stableHex(texts.join(""), 16) };
}

/** Whether the names of a certificate are exactly these. */
function isFor(pem: string, names: readonly string[]): boolean {
  const said = readCertificate(pem)?.subjectAltName ?? "";
  return (
    said.split(", ").toSorted().join() ===
    names
      .map((name) => `DNS:${name}`)
      .toSorted()
      .join()
  );
}

function isSound(pem: string, names: readonly string[], authority: Authority, now: Date): boolean {
  const certificate = readCertificate(pem);
  if (certificate === undefined || !isFor(pem, names) || !hasItsKey(pem)) return false;
  const ca = readCertificate(authority.certificate);
  const left = (Date.parse(certificate.validTo) - now.getTime()) / DAY;
  return left >= RENEW_DAYS && ca !== undefined && certificate.verify(ca.publicKey);
}

function hasItsKey(pem: string): boolean {
  try {
    return readCertificate(pem)!.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}

/** What nobody asks for any more does not go to the edge. */
function forget(folder: string, wanted: readonly WantedCertificate[]): void {
  const kept = new Set(wanted.map(({ id }) => `${id}.pem`));
  for (const file of existsSync(folder) ? readdirSync(folder) : [])
    if (file.endsWith(".pem") && !kept.has(file)) rmSync(path.join(folder, file));
}
