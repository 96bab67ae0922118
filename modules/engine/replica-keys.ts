import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { stableHex } from "../core/stable-hash.ts";
import { ensureSecretFile, replaceSecretFile } from "./secrets-file.ts";

/** Files of both ends of the copies of volumes, each in a folder of mode 0700. */
export interface ReplicaKeys {
  readonly source: ReplicaKeyFolder;
  readonly copier: ReplicaKeyFolder;
}

export interface ReplicaKeyFolder {
  readonly directory: string;
  /** Changes with the keys, and tells nothing about them. */
  readonly fingerprint: string;
}

/**
 * Makes the host key of the sending end and the key of the fetching one, where they are missing, and gives each end what it
 * must know of the other.
 * @param folder below the kabupaten's secrets
 * @param host as `known_hosts` names the sending end: `[10.66.1.2]:2222`
 */
export function ensureReplicaKeys(folder: string, host: string): ReplicaKeys | Fault {
  const source = path.join(folder, "source");
  const copier = path.join(folder, "copier");
  const hostKey = ensureSecretFile(path.join(source, "host_key"), newKey);
  if (hostKey instanceof Fault) return hostKey;
  const key = ensureSecretFile(path.join(copier, "key"), newKey);
  if (key instanceof Fault) return key;
  const authorized = keep(path.join(source, "authorized_keys"), `${ALLOWED} ${publicLine(key)}\n`);
  if (authorized instanceof Fault) return authorized;
  const known = keep(path.join(copier, "known_hosts"), `${host} ${publicLine(hostKey)}\n`);
  if (known instanceof Fault) return known;
  return {
    source: { directory: source, fingerprint: stableHex(`${hostKey}${authorized}`, 16) },
    copier: { directory: copier, fingerprint: stableHex(`${key}${known}`, 16) },
  };
}

/** What the key may do, whatever it asks for (images/replica/send.sh). */
const ALLOWED = 'restrict,command="/usr/local/bin/simpul-replica-send"';

/** A file that follows from others. */
function keep(file: string, text: string): string | Fault {
  const present = ensureSecretFile(file, () => text);
  if (present instanceof Fault || present === text) return present;
  replaceSecretFile(file, text);
  return text;
}

/** ECDSA on P-256: of the kinds that OpenSSH reads, the one whose PEM Node writes. */
function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

/** The line of a public key in OpenSSH's form (RFC 5656 section 3.1). */
function publicLine(pem: string): string {
  const { x = "", y = "" } = createPublicKey(createPrivateKey(pem)).export({ format: "jwk" });
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(x, "base64url"),
    Buffer.from(y, "base64url"),
  ]);
  const parts = [Buffer.from(KIND), Buffer.from("nistp256"), point].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `${KIND} ${Buffer.concat(parts).toString("base64")}`;
}

const KIND = "ecdsa-sha2-nistp256";
