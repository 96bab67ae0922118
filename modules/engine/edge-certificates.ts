import { createPrivateKey } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { stableHex } from "../core/stable-hash.ts";
import type { CertificatePlan } from "../plan/edge-plan.ts";
import { issueCertificate, readCertificate, type Authority } from "./certificate-authority.ts";
import { ensureSecretFile, readSecretFile, replaceSecretFile } from "./secrets-file.ts";

/** What the folder of an edge's certificates holds. */
export interface EdgeCertificates {
  readonly directory: string;
  /** Changes when a deploy has something to bring to the edge, and tells nothing about it: the keys in it are random. */
  readonly fingerprint: string;
}

/**
 * Sees to it that the folder holds a certificate that can be used for each that is wanted, and none else. One that has
 * ended or has another authority's signature is replaced; one that only ends soon is `renewEdgeCertificates`' business.
 * Until an authority that is asked by ACME has answered, the kabupaten's own stands in.
 *
 * They are kept in a store beside the folder, by their names: a plan of other files takes none away from what runs, and
 * with the first files again, everything is as it was.
 *
 * @param directory its `certs` go to the edge, as `<id>.pem`: certificate, chain and key
 * @param spareDays days before its end from which one is replaced already: where no renewal comes between deploys
 */
export function ensureEdgeCertificates(
  directory: string,
  wanted: readonly CertificatePlan[],
  authority: Authority,
  now: Date,
  spareDays = 0,
): EdgeCertificates | Fault {
  const until = new Date(now.getTime() + spareDays * 86_400_000);
  const texts: string[] = [];
  let changed = forget(path.join(directory, "certs"), wanted);
  for (const one of wanted) {
    const text = usableCertificate(directory, one, authority, until);
    if (text instanceof Fault) return text;
    const shipped = shipCertificate(directory, one, text);
    if (shipped instanceof Fault) return shipped;
    changed ||= shipped;
    texts.push(`${one.id}\n${text}`);
  }
  const sum = stableHex(texts.join(""), 16);
  const file = path.join(`${directory}-store`, "generation");
  const generation = ensureSecretFile(file, () => sum);
  if (generation instanceof Fault) return generation;
  // What a renewal has changed in the meantime is at the edge already.
  if (changed && generation !== sum) replaceSecretFile(file, sum);
  return { directory, fingerprint: changed ? sum : generation };
}

/** The certificate that is kept for these names, or a new one of the kabupaten's own authority. */
function usableCertificate(
  directory: string,
  one: CertificatePlan,
  authority: Authority,
  now: Date,
): string | Fault {
  const ordered = one.issuer === "acme" ? readSecretFile(keptFile(directory, one, "acme")) : "";
  if (ordered instanceof Fault) return ordered;
  if (isUsable(ordered, one.names, now)) return ordered;
  const file = keptFile(directory, one, "own");
  const text = ensureSecretFile(file, () => issueCertificate(authority, one.names));
  if (text instanceof Fault || (isUsable(text, one.names, now) && isSigned(text, authority)))
    return text;
  const issued = issueCertificate(authority, one.names);
  replaceSecretFile(file, issued);
  return issued;
}

/** Where a certificate is kept, whichever files are planned at the moment. */
export function keptFile(
  directory: string,
  { id, names }: CertificatePlan,
  issuer: CertificatePlan["issuer"],
): string {
  const suffix = issuer === "acme" ? ".acme" : "";
  return path.join(`${directory}-store`, `${id}.${stableHex(names.join(" "), 8)}${suffix}.pem`);
}

/** Puts a certificate where it goes to the edge from. @returns whether another one was there, or none */
export function shipCertificate(
  directory: string,
  { id }: CertificatePlan,
  text: string,
): boolean | Fault {
  const file = path.join(directory, "certs", `${id}.pem`);
  const fresh = !existsSync(file);
  const shipped = ensureSecretFile(file, () => text);
  if (shipped instanceof Fault) return shipped;
  if (shipped !== text) replaceSecretFile(file, text);
  return fresh || shipped !== text;
}

/** Whether a text is a certificate for exactly these names, with its key, that has not ended. */
export function isUsable(pem: string, names: readonly string[], now: Date): boolean {
  const certificate = readCertificate(pem);
  return (
    certificate !== undefined &&
    isFor(pem, names) &&
    hasItsKey(pem) &&
    Date.parse(certificate.validTo) > now.getTime()
  );
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

function isSigned(pem: string, authority: Authority): boolean {
  const ca = readCertificate(authority.certificate);
  return ca !== undefined && readCertificate(pem)!.verify(ca.publicKey);
}

function hasItsKey(pem: string): boolean {
  try {
    return readCertificate(pem)!.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}

/** What nobody asks for any more does not go to the edge. @returns whether there was any */
function forget(folder: string, wanted: readonly CertificatePlan[]): boolean {
  const kept = new Set(wanted.map(({ id }) => `${id}.pem`));
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const lost = files.filter((file) => file.endsWith(".pem") && !kept.has(file));
  for (const file of lost) rmSync(path.join(folder, file));
  return lost.length > 0;
}
