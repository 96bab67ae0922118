import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { ensureAcmeAccount } from "../../modules/engine/acme-account.ts";
import {
  ensureAuthority,
  issueCertificate,
  type Authority,
} from "../../modules/engine/certificate-authority.ts";
import {
  certificateSet,
  dueCertificates,
  renewEdgeCertificates,
  type DueCertificate,
  type Order,
} from "../../modules/engine/certificate-renewal.ts";
import { ensureEdgeCertificates } from "../../modules/engine/edge-certificates.ts";
import type { CertificatePlan } from "../../modules/plan/edge-plan.ts";

const DAY = 86_400_000;
const OPEN: CertificatePlan = {
  id: "ppdb-online.ppdb.open",
  names: ["ppdb.dindikpora.ujikab.go.id"],
  issuer: "acme",
};
const OWN: CertificatePlan = {
  id: "ppdb-online.ppdb",
  names: ["ppdb.dindikpora.intra.ujikab.go.id"],
  issuer: "own",
};
const BOTH = [OWN, OPEN];

describe("the renewal of certificates", () => {
  let folder: string;
  let authority: Authority;
  let other: Authority;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "simpul-renewal-"));
    authority = sound(ensureAuthority(path.join(folder, "ca"), "ujikab.go.id"));
    other = sound(ensureAuthority(path.join(folder, "other"), "ujikab.go.id"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const edge = (): string => path.join(folder, "edge");
  const deploy = (wanted: readonly CertificatePlan[]): string =>
    sound(ensureEdgeCertificates(edge(), wanted, authority, new Date())).fingerprint;
  const due = (wanted: readonly CertificatePlan[], days = 0): readonly DueCertificate[] =>
    sound(dueCertificates(edge(), wanted, new Date(Date.now() + days * DAY)));
  const issuerOf = async ({ id }: CertificatePlan): Promise<string> => {
    const text = await readFile(path.join(edge(), "certs", `${id}.pem`), "utf8");
    const vouches = (one: Authority): boolean =>
      new X509Certificate(text).verify(new X509Certificate(one.certificate).publicKey);
    return vouches(authority) ? "own" : vouches(other) ? "other" : "nobody";
  };
  const renew = (wanted: readonly CertificatePlan[], order: Order, days = 0) =>
    renewEdgeCertificates(edge(), due(wanted, days), {
      authority,
      order,
      now: new Date(Date.now() + days * DAY),
    });
  const given: Order = async (names) => issueCertificate(other, names);
  const refusing: Order = async () => {
    throw new Error("urn:ietf:params:acme:error:rateLimited");
  };

  it.each([
    [59, 0],
    [61, 1],
    [100, 1],
  ])("is due after two thirds of a life of 90 days: after %d days, %d", (days, count) => {
    deploy([OWN]);
    expect(due([OWN], days)).toHaveLength(count);
  });

  it("asks the other authority for names of the internet, which the own one stands in for until then", async () => {
    deploy(BOTH);
    expect(await issuerOf(OPEN)).toBe("own");
    expect(due(BOTH).map(({ id }) => id)).toEqual([OPEN.id]);
    const { renewed, findings } = await renew(BOTH, given);
    expect([renewed, findings]).toEqual([[OPEN.id], []]);
    expect([await issuerOf(OPEN), await issuerOf(OWN)]).toEqual(["other", "own"]);
    expect(due(BOTH)).toEqual([]);
  });

  it("changes nothing that a deploy would have to bring, and what the edge should have", async () => {
    const before = deploy(BOTH);
    const set = certificateSet(edge());
    await renew(BOTH, given);
    expect(deploy(BOTH)).toBe(before);
    expect(await issuerOf(OPEN)).toBe("other");
    expect(certificateSet(edge())).not.toBe(set);
  });

  it("keeps the one before when the authority refuses, and renews the others", async () => {
    deploy(BOTH);
    await renew(BOTH, given);
    const before = await readFile(path.join(edge(), "certs", `${OPEN.id}.pem`), "utf8");
    const { renewed, findings } = await renew(BOTH, refusing, 61);
    expect(renewed).toEqual([OWN.id]);
    expect(findings).toMatchObject([
      { id: "certificate-not-renewed", severity: "warning", what: expect.stringContaining("rate") },
    ]);
    expect(await readFile(path.join(edge(), "certs", `${OPEN.id}.pem`), "utf8")).toBe(before);
    const late = await renew(BOTH, refusing, 85);
    expect(late.findings).toMatchObject([{ severity: "error" }]);
  });

  it("takes no certificate for other names, and none without its key", async () => {
    deploy(BOTH);
    const wrong: readonly Order[] = [
      async () => issueCertificate(other, ["lain.dindikpora.ujikab.go.id"]),
      async (names) => issueCertificate(other, names).replace(/-----BEGIN PRIVATE[^]*/, ""),
    ];
    for (const order of wrong) {
      const { renewed, findings } = await renew(BOTH, order);
      expect([renewed, findings.map(({ severity }) => severity)]).toEqual([[], ["error"]]);
      expect(await issuerOf(OPEN)).toBe("own");
    }
  });

  it("keeps the account's key, and its thumbprint with it", () => {
    const file = path.join(folder, "acme/account.key");
    const { thumbprint } = sound(ensureAcmeAccount(file));
    expect(thumbprint).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(sound(ensureAcmeAccount(file)).thumbprint).toBe(thumbprint);
  });
});

function sound<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
