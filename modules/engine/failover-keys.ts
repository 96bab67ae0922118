import { randomBytes } from "node:crypto";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { stableHex } from "../core/stable-hash.ts";
import type { Authority } from "./certificate-authority.ts";
import { ensureEdgeCertificates } from "./edge-certificates.ts";
import { serviceLeaseKey } from "./lease-keys.ts";
import { ensureSecretFile, replaceSecretFile } from "./secrets-file.ts";

/** A folder of mode 0700 whose files go to one volume. */
export interface KeyFolder {
  readonly directory: string;
  /** Changes with the keys, and tells nothing about them. */
  readonly fingerprint: string;
}

/** Keys of the voters, and of both ends of each database. */
export interface FailoverKeys {
  readonly voters: KeyFolder;
  /** By the service's name. */
  readonly databases: ReadonlyMap<string, KeyFolder>;
}

/** A database whose two ends know each other. */
export interface DatabaseNames {
  readonly service: string;
  readonly hostname: string;
}

/**
 * Makes what is missing: the voters' key, and for each database its lease's key, the password of its standby and a
 * certificate. Both ends of a database have the same.
 * @param folder below the kabupaten's secrets
 */
export function ensureFailoverKeys(
  folder: string,
  databases: readonly DatabaseNames[],
  authority: Authority,
  now: Date,
): FailoverKeys | Fault {
  const master = ensureSecretFile(path.join(folder, "voters", "voters.key"), newSecret);
  if (master instanceof Fault) return master;
  const folders = new Map<string, KeyFolder>();
  for (const database of databases) {
    const keys = databaseKeys(folder, database, master, authority, now);
    if (keys instanceof Fault) return keys;
    folders.set(database.service, keys);
  }
  const voters = { directory: path.join(folder, "voters"), fingerprint: stableHex(master, 16) };
  return { voters, databases: folders };
}

function databaseKeys(
  folder: string,
  { service, hostname }: DatabaseNames,
  master: string,
  authority: Authority,
  now: Date,
): KeyFolder | Fault {
  const directory = path.join(folder, "databases", service);
  const made = path.join(folder, "certificates", service);
  const certificates = ensureEdgeCertificates(
    made,
    [{ id: service, names: [hostname], issuer: "own" }],
    authority,
    now,
  );
  if (certificates instanceof Fault) return certificates;
  const server = ensureSecretFile(path.join(made, "certs", `${service}.pem`), () => "");
  if (server instanceof Fault) return server;
  const password = ensureSecretFile(path.join(directory, "replication.password"), newSecret);
  if (password instanceof Fault) return password;
  const others = {
    "lease.key": `${serviceLeaseKey(master.trim(), service)}\n`,
    "server.pem": server,
    "authority.pem": authority.certificate,
  };
  for (const [name, text] of Object.entries(others)) {
    const file = path.join(directory, name);
    const present = ensureSecretFile(file, () => text);
    if (present instanceof Fault) return present;
    if (present !== text) replaceSecretFile(file, text);
  }
  return { directory, fingerprint: stableHex(JSON.stringify([password, others]), 16) };
}

function newSecret(): string {
  return `${randomBytes(32).toString("hex")}\n`;
}
