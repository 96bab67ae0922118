import { X509Certificate } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { ensureAuthority, type Authority } from "../../modules/engine/certificate-authority.ts";
import type { CertificatePlan } from "../../modules/plan/edge-plan.ts";
import { ensureEdgeCertificates } from "../../modules/engine/edge-certificates.ts";

const DAY = 86_400_000;
const NAMES = ["ppdb.dindikpora.ujikab.go.id", "ppdb.dindikpora.intra.ujikab.go.id"];
const OWN = { id: "ppdb-online.ppdb", names: NAMES, issuer: "own" } as const;
const EDGE = { id: "edge1", names: ["edge1.intra.ujikab.go.id"], issuer: "own" } as const;
const WANTED: readonly CertificatePlan[] = [OWN];

describe("the kabupaten's own authority and its certificates", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "simpul-certificates-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const authority = (): Authority =>
    sound(ensureAuthority(path.join(folder, "ca"), "ujikab.go.id"));
  const ensure = (wanted = WANTED, days = 0) =>
    sound(
      ensureEdgeCertificates(
        path.join(folder, "edge"),
        wanted,
        authority(),
        new Date(Date.now() + days * DAY),
      ),
    );
  const standing = (id = "ppdb-online.ppdb"): Promise<string> =>
    readFile(path.join(folder, "edge/certs", `${id}.pem`), "utf8");

  it("signs names below the domain only, and is made once", async () => {
    const first = authority();
    const certificate = new X509Certificate(first.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.toString()).toBe(new X509Certificate(authority().certificate).toString());
    expect(((await stat(first.keyFile)).mode & 0o777).toString(8)).toBe("600");
    const text = await readFile(first.certificateFile, "utf8");
    expect(Buffer.from(new X509Certificate(text).raw).includes("ujikab.go.id")).toBe(true);
  });

  it("gives each publication a certificate for its names, with its own key, kept from others", async () => {
    ensure([...WANTED, EDGE]);
    const ca = new X509Certificate(authority().certificate);
    const pem = await standing();
    const certificate = new X509Certificate(pem);
    expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
    for (const name of NAMES) expect(certificate.checkHost(name)).toBe(name);
    expect(certificate.checkHost("edge1.intra.ujikab.go.id")).toBeUndefined();
    expect(certificate.ca).toBe(false);
    expect(pem).toContain("PRIVATE KEY");
    expect((await standing("edge1")).split("PRIVATE KEY")[1]).not.toBe(pem.split("PRIVATE KEY")[1]);
    const file = path.join(folder, "edge/certs/ppdb-online.ppdb.pem");
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
  });

  it.each([
    ["keeps it while it lasts", 59, true],
    ["leaves it to a renewal when it ends soon", 61, true],
    ["makes another when it has ended", 100, false],
  ])("%s", async (_, days, kept) => {
    const { fingerprint } = ensure();
    const before = await standing();
    const after = ensure(WANTED, days);
    expect((await standing()) === before).toBe(kept);
    expect(after.fingerprint === fingerprint).toBe(kept);
  });

  it("makes another days before its end, where it is told to", async () => {
    ensure();
    const before = await standing();
    const at = new Date(Date.now() + 61 * DAY);
    sound(ensureEdgeCertificates(path.join(folder, "edge"), WANTED, authority(), at, 30));
    expect(await standing()).not.toBe(before);
  });

  it("makes another for other names, and forgets what nobody asks for", async () => {
    ensure();
    const before = await standing();
    ensure([{ ...OWN, names: NAMES.slice(1) }]);
    expect(await standing()).not.toBe(before);
    ensure([EDGE]);
    expect(await readdir(path.join(folder, "edge/certs"))).toEqual(["edge1.pem"]);
  });

  it("has the same again when the first files come back: a plan of others takes nothing away", async () => {
    const { fingerprint } = ensure();
    const before = await standing();
    ensure([{ ...OWN, names: NAMES.slice(1) }]);
    ensure([]);
    expect(ensure().fingerprint).toBe(fingerprint);
    expect(await standing()).toBe(before);
  });

  it("makes another where the key is not the certificate's", async () => {
    ensure([...WANTED, EDGE]);
    const [own, other] = [await standing(), await standing("edge1")];
    const kept = (await readdir(path.join(folder, "edge-store"))).find((name) =>
      name.startsWith("ppdb-online.ppdb."),
    );
    const file = path.join(folder, "edge-store", kept!);
    const key = other.slice(other.indexOf("-----BEGIN PRIVATE KEY"));
    await writeFile(file, own.slice(0, own.indexOf("-----BEGIN PRIVATE KEY")) + key);
    ensure();
    expect(await standing()).not.toContain(key);
  });

  it("makes no second authority when the key of the first is lost, and uses none that others read", async () => {
    const { keyFile } = authority();
    await chmod(keyFile, 0o644);
    expect(ensureAuthority(path.join(folder, "ca"), "ujikab.go.id")).toBeInstanceOf(Fault);
    await rm(keyFile);
    expect(ensureAuthority(path.join(folder, "ca"), "ujikab.go.id")).toMatchObject({
      fix: expect.stringContaining("from its copy"),
    });
  });
});

function sound<T>(value: T | Fault): T {
  if (value instanceof Fault) throw new Error(value.what);
  return value;
}
