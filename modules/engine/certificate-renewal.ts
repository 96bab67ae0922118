import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { Fault } from "../core/fault.ts";
import type { CertificatePlan } from "../plan/edge-plan.ts";
import { issueCertificate, readCertificate, type Authority } from "./certificate-authority.ts";
import { isUsable, keptFile, shipCertificate } from "./edge-certificates.ts";
import { ensureSecretFile, readSecretFile, replaceSecretFile } from "./secrets-file.ts";

/** Asks an authority for a certificate: certificate, chain and key in PEM. Throws what it says when it refuses. */
export type Order = (names: readonly string[]) => Promise<string>;

/** A certificate whose time has come. */
export interface DueCertificate extends CertificatePlan {
  /** When the present one ends; undefined where its authority has given none yet. */
  readonly ends?: Date;
}

/** Of its life, after which a certificate is renewed: the rest is time for failures. */
const RENEW_AT = 2 / 3;
const DAY = 86_400_000;
/** Days before the end from which a renewal that failed is an error. */
const PRESSING = 7;

/** Certificates of which two thirds of the life have passed, or that their authority has not given yet. */
export function dueCertificates(
  directory: string,
  wanted: readonly CertificatePlan[],
  now: Date,
): readonly DueCertificate[] | Fault {
  const due: DueCertificate[] = [];
  for (const one of wanted) {
    const text = readSecretFile(keptFile(directory, one, one.issuer));
    if (text instanceof Fault) return text;
    const certificate = readCertificate(text);
    if (certificate === undefined || !isUsable(text, one.names, now)) due.push(one);
    else {
      const [begins, ends] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
      if (now.getTime() >= begins + (ends - begins) * RENEW_AT)
        due.push({ ...one, ends: new Date(ends) });
    }
  }
  return due;
}

/**
 * Gets another certificate in the place of each that is due. One that cannot be had keeps the one before, and does not
 * keep the others back.
 * @returns the ids of those that were renewed, and why others were not
 */
export async function renewEdgeCertificates(
  directory: string,
  due: readonly DueCertificate[],
  { authority, order, now }: { authority: Authority; order: Order | undefined; now: Date },
): Promise<{ readonly renewed: readonly string[]; readonly findings: readonly Diagnostic[] }> {
  const renewed: string[] = [];
  const findings: Diagnostic[] = [];
  for (const one of due) {
    const text = await obtain(one, authority, order, now);
    const kept = text instanceof Fault ? text : keep(directory, one, text);
    if (kept instanceof Fault) findings.push(notRenewed(one, kept, now));
    else renewed.push(one.id);
  }
  return { renewed, findings };
}

async function obtain(
  { issuer, names }: DueCertificate,
  authority: Authority,
  order: Order | undefined,
  now: Date,
): Promise<string | Fault> {
  if (issuer === "own") return issueCertificate(authority, names);
  if (order === undefined) return new Fault("nobody can be asked for it", "name the authority");
  const fix =
    "see that the name leads to the edge from the internet on port 80; simpul renew asks again";
  const text = await order(names).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    return new Fault(said.replaceAll(/\s+/g, " ").slice(0, 400), fix);
  });
  if (text instanceof Fault || isUsable(text, names, now)) return text;
  return new Fault("what the authority gave is not for these names, or has ended", fix);
}

function keep(directory: string, one: DueCertificate, text: string): Fault | undefined {
  const file = keptFile(directory, one, one.issuer);
  const there = ensureSecretFile(file, () => text);
  if (there instanceof Fault) return there;
  if (there !== text) replaceSecretFile(file, text);
  const shipped = shipCertificate(directory, one, text);
  return shipped instanceof Fault ? shipped : undefined;
}

/**
 * Name of the set that the carrier makes of what goes to the edge (images/edge/carrier.sh): the edge that has it has
 * all of it.
 */
export function certificateSet(directory: string): string {
  const folder = path.join(directory, "certs");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const sum = createHash("sha256");
  for (const file of files.filter((name) => name.endsWith(".pem")).toSorted())
    sum.update(readFileSync(path.join(folder, file)));
  return `set-${sum.digest("hex").slice(0, 16)}`;
}

function notRenewed({ names, ends }: DueCertificate, { what, fix }: Fault, now: Date): Diagnostic {
  const days = ends === undefined ? undefined : Math.floor((ends.getTime() - now.getTime()) / DAY);
  return {
    id: "certificate-not-renewed",
    severity: days === undefined || days < PRESSING ? "error" : "warning",
    what: `no new certificate for ${names.join(", ")}: ${what}`,
    why:
      days === undefined
        ? "until there is one, the kabupaten's own authority vouches for it, which strangers do not trust"
        : `the one before stays, and ends in ${days} days`,
    fix,
  };
}
