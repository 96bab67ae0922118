import { createHash, createPublicKey, type KeyObject } from "node:crypto";

import type { TrustAnchor } from "../render/unbound.ts";

/** Zone key and secure entry point (RFC 4034 section 2.1.1): a key-signing key. */
const FLAGS = 257;
const PROTOCOL = 3;
/** ECDSA P-256 with SHA-256 (RFC 6605). */
const ALGORITHM = 13;
/** SHA-256 (RFC 4509). */
const DIGEST_TYPE = 2;

/** The DNSKEY record's data of a key-signing key, as it goes over the wire (RFC 4034 section 2.1). */
export function dnskeyData(key: KeyObject): Buffer {
  const { x, y } = createPublicKey(key).export({ format: "jwk" });
  if (x === undefined || y === undefined) throw new Error("the key is not of an elliptic curve");
  const head = Buffer.from([FLAGS >> 8, FLAGS & 0xff, PROTOCOL, ALGORITHM]);
  return Buffer.concat([head, Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
}

/** The same as in a zone file: `257 3 13 BASE64`. */
export function dnskeyText(data: Buffer): string {
  return `${FLAGS} ${PROTOCOL} ${ALGORITHM} ${data.subarray(4).toString("base64")}`;
}

/** The DS of a DNSKEY (RFC 4034 section 5.1.4): a digest of the zone's name and the key's data. */
export function trustAnchor(zone: string, data: Buffer): TrustAnchor {
  const digest = createHash("sha256").update(wireName(zone)).update(data).digest("hex");
  return { zone, keyTag: keyTag(data), algorithm: ALGORITHM, digestType: DIGEST_TYPE, digest };
}

/** RFC 4034 appendix B: sum of the data's 16-bit words, with its carry added once. */
function keyTag(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += (data[at]! << 8) + (data[at + 1] ?? 0);
  return (sum + (sum >> 16)) & 0xffff;
}

/** A name in canonical wire form (RFC 4034 section 6.2); names of ours have no escapes. */
function wireName(name: string): Buffer {
  const labels = name.toLowerCase().split(".").slice(0, -1);
  const parts = labels.map((label) => Buffer.from([label.length, ...Buffer.from(label, "ascii")]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}
