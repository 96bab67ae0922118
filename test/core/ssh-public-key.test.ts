import { generateKeyPairSync } from "node:crypto";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Fault } from "../../modules/core/fault.ts";
import { SshPublicKey } from "../../modules/core/ssh-public-key.ts";

const string = (bytes: Uint8Array | string): Buffer => {
  const body = Buffer.from(bytes as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};
const mpint = (number: Buffer): Buffer =>
  string(number[0]! > 0x7f ? Buffer.concat([Buffer.of(0), number]) : number);
const line = (type: string, ...fields: Buffer[]): string =>
  `${type} ${Buffer.concat([string(type), ...fields]).toString("base64")} admin@dindikpora`;

const point = (coordinate: number, lead = 4): Buffer =>
  string(Buffer.alloc(1 + 2 * coordinate, 7).fill(lead, 0, 1));
const rsa = (bits: number): string => {
  const { n, e } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({
    format: "jwk",
  });
  return line("ssh-rsa", mpint(Buffer.from(e!, "base64url")), mpint(Buffer.from(n!, "base64url")));
};

const ED25519 = line("ssh-ed25519", string(Buffer.alloc(32, 9)));
const GOOD = {
  ed25519: ED25519,
  "ecdsa 256": line("ecdsa-sha2-nistp256", string("nistp256"), point(32)),
  "ecdsa 384": line("ecdsa-sha2-nistp384", string("nistp384"), point(48)),
  "ecdsa 521": line("ecdsa-sha2-nistp521", string("nistp521"), point(66)),
  "rsa 2048": rsa(2048),
  "rsa 3072": rsa(3072),
};

describe("SshPublicKey.parse", () => {
  it.each(Object.entries(GOOD))("reads %s", (_, text) => {
    const [type, base64] = text.split(" ");
    expect(SshPublicKey.parse(text)).toMatchObject({
      type,
      base64,
      comment: "admin@dindikpora",
      text,
    });
  });

  it("keeps a comment of several words, or none", () => {
    const bare = ED25519.replace(" admin@dindikpora", "");
    expect(SshPublicKey.parse(`${bare} Pengelola TIK`)).toMatchObject({ comment: "Pengelola TIK" });
    expect(SshPublicKey.parse(bare)).toMatchObject({ comment: "", text: bare });
  });

  it.each([
    ["options", `command="/bin/sh" ${ED25519}`, "options are not allowed"],
    ["a restrict option", `restrict ${ED25519}`, "options are not allowed"],
    ["a second line", `${ED25519}\n${ED25519}`, "control characters"],
    ["a tab", ED25519.replace(" ", "\t"), "control characters"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----", "private key"],
    ["DSA", line("ssh-dss", string("x")), "not a key type we accept"],
    [
      "a certificate",
      line("ssh-ed25519-cert-v01@openssh.com", string("x")),
      "not a key type we accept",
    ],
    ["a type alone", "ssh-ed25519", "no key after it"],
    ["nothing", "", "not a key type"],
    ["base64 cut short", ED25519.split(" ")[1]!.slice(0, -5), "not a key type"],
    ["a cut key", `ssh-ed25519 ${ED25519.split(" ")[1]!.slice(0, -4)}`, "cut short"],
    [
      "base64 without padding",
      `ssh-rsa ${GOOD["rsa 2048"].split(" ")[1]!.replace(/=+$/, "")}!`,
      "base64 is damaged",
    ],
    ["31 bytes", line("ssh-ed25519", string(Buffer.alloc(31))), "cut short or damaged"],
    [
      "a byte more",
      line("ssh-ed25519", string(Buffer.alloc(32)), Buffer.of(1)),
      "cut short or damaged",
    ],
    [
      "a field more",
      line("ssh-ed25519", string(Buffer.alloc(32)), string("x")),
      "cut short or damaged",
    ],
    ["another type inside", ED25519.replace("ssh-ed25519", "ssh-rsa"), "followed by a key of type"],
    ["no type before it", ED25519.replace("ssh-ed25519 ", ""), "a key without its type"],
    [
      "a fingerprint",
      "SHA256:uNiVztksCsDhcc0u9e8BrCmnQgB3yoYFAbcd tik",
      "the fingerprint of a key",
    ],
    ["a file's name", "~/.ssh/id_ed25519.pub", "the name of a file"],
    [
      "another curve",
      line("ecdsa-sha2-nistp256", string("nistp384"), point(48)),
      "cut short or damaged",
    ],
    [
      "a compressed point",
      line("ecdsa-sha2-nistp256", string("nistp256"), point(32, 2)),
      "cut short or damaged",
    ],
    ["RSA of 1024 bits", rsa(1024), "RSA key of 1024 bits, too short"],
    [
      "RSA of 2047 bits",
      line("ssh-rsa", mpint(Buffer.of(3)), mpint(Buffer.alloc(256, 0x7f))),
      "RSA key of 2047 bits, too short",
    ],
    [
      "a negative modulus",
      line("ssh-rsa", mpint(Buffer.of(3)), string(Buffer.alloc(256, 0xff))),
      "cut short or damaged",
    ],
    [
      "a padded modulus",
      line(
        "ssh-rsa",
        mpint(Buffer.of(3)),
        string(Buffer.concat([Buffer.alloc(9), Buffer.alloc(256, 0x7f)])),
      ),
      "cut short or damaged",
    ],
    [
      "exponent one",
      line("ssh-rsa", mpint(Buffer.of(1)), mpint(Buffer.alloc(256, 0xff))),
      "cut short or damaged",
    ],
  ])("refuses %s", (_, text, what) => {
    expect(SshPublicKey.parse(text)).toMatchObject({ what: expect.stringContaining(what) });
  });

  it("takes no key in which one byte of the structure is changed", () => {
    const wire = Buffer.from(ED25519.split(" ")[1]!, "base64");
    fc.assert(
      fc.property(fc.nat({ max: 18 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = Buffer.from(wire);
        changed[index]! ^= change;
        expect(SshPublicKey.parse(`ssh-ed25519 ${changed.toString("base64")}`)).toBeInstanceOf(
          Fault,
        );
      }),
    );
  });

  it("answers any text at all with a key or a fault", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((base64) => `ssh-rsa ${base64}`),
        ),
        (text) => {
          const key = SshPublicKey.parse(text);
          expect(key instanceof Fault || key instanceof SshPublicKey).toBe(true);
        },
      ),
    );
  });
});
