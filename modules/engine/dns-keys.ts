import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import type { ConfigFile } from "../render/config-file.ts";
import { TSIG_KEY } from "../render/knot.ts";
import type { TrustAnchor } from "../render/unbound.ts";
import { dnskeyData, dnskeyText, trustAnchor } from "./dnskey.ts";
import { ensureSecretFile } from "./secrets-file.ts";

/** Secrets of a kabupaten's name service, and what of them the world may know. */
export interface DnsKeys {
  /** Shared by primary and secondaries: hmac-sha256, base64. Secret. */
  readonly tsigSecret: string;
  /** In the order of the zones that were asked for. */
  readonly zones: readonly ZoneKey[];
}

/** The key-signing key of one zone. */
export interface ZoneKey {
  /** Absolute, with its final dot. */
  readonly zone: string;
  /** PKCS #8. Secret. */
  readonly pem: string;
  /** `257 3 13 BASE64`. */
  readonly dnskey: string;
  readonly anchor: TrustAnchor;
}

/** 32 bytes, as long as the hash (RFC 8945 section 10). */
const TSIG_BYTES = 32;
const TSIG_SECRET = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Reads the keys in the folder, after making those that are missing: `tsig` and `ksk/<zone>.pem`. Keys outlive all
 * else of a name service: one that was lost is a broken chain of trust until every validator knows its successor.
 *
 * @param zones absolute, with their final dots
 * @returns a Fault for a key that is damaged or open to others; it is left as it is
 */
export function ensureDnsKeys({
  directory,
  zones,
}: {
  readonly directory: string;
  readonly zones: readonly string[];
}): DnsKeys | Fault {
  const tsigFile = path.join(directory, "tsig");
  const tsig = ensureSecretFile(tsigFile, () => `${randomBytes(TSIG_BYTES).toString("base64")}\n`);
  if (tsig instanceof Fault) return tsig;
  if (!TSIG_SECRET.test(tsig.trimEnd())) return damaged(tsigFile);
  const keys: ZoneKey[] = [];
  for (const zone of zones) {
    const key = ensureZoneKey(directory, zone);
    if (key instanceof Fault) return key;
    keys.push(key);
  }
  return { tsigSecret: tsig.trimEnd(), zones: keys };
}

/**
 * What the secrets' volume of a name server holds, mounted at /run/simpul-secrets: the TSIG key as Knot includes it,
 * and for the primary each zone's key as `ksk/<zone>.<key tag>.pem`. Belongs nowhere else: not in plan, state or logs.
 */
export function dnsSecretFiles(
  keys: DnsKeys,
  role: "primary" | "secondary",
): readonly ConfigFile[] {
  const tsig = `key:
  - id: ${TSIG_KEY}
    algorithm: hmac-sha256
    secret: ${keys.tsigSecret}
`;
  const signing = keys.zones.map(({ zone, anchor, pem }) => ({
    path: `ksk/${zone}${anchor.keyTag}.pem`,
    text: pem,
  }));
  return [{ path: "tsig.conf", text: tsig }, ...(role === "primary" ? signing : [])];
}

/** Whether the folder holds a key for this zone already. */
export function hasZoneKey(directory: string, zone: string): boolean {
  return existsSync(zoneKeyFile(directory, zone));
}

function zoneKeyFile(directory: string, zone: string): string {
  return path.join(directory, "ksk", `${zone.slice(0, -1)}.pem`);
}

function ensureZoneKey(directory: string, zone: string): ZoneKey | Fault {
  const file = zoneKeyFile(directory, zone);
  const pem = ensureSecretFile(file, newKey);
  if (pem instanceof Fault) return pem;
  const key = readKey(pem);
  if (key?.asymmetricKeyDetails?.namedCurve !== "prime256v1") return damaged(file);
  const data = dnskeyData(key);
  return { zone, pem, dnskey: dnskeyText(data), anchor: trustAnchor(zone, data) };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function damaged(file: string): Fault {
  return new Fault(
    `${file} is not a key that simpul made`,
    "bring it back from a copy; a new one breaks the chain of trust: move the file away only if there is no copy",
  );
}
