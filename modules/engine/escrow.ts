import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

import { slugOf } from "../core/slug.ts";
import type { Custodian } from "../inventory/backup-model.ts";
import type { SiteName } from "../inventory/site-model.ts";
import { writeWhole } from "./whole-file.ts";

/** The key of one repository at one site. */
export interface RepositoryKey {
  readonly repository: string;
  readonly site: SiteName;
  readonly password: string;
}

/** What lies open beside the sealed copies: enough to see that they are of today, nothing that opens anything. */
export interface EscrowIndex {
  readonly keys: readonly {
    readonly repository: string;
    readonly site: SiteName;
    readonly fingerprint: string;
  }[];
  readonly copies: readonly {
    readonly custodian: string;
    readonly age: string;
    readonly file: string;
    /** SHA-256 of the file. */
    readonly sha256: string;
  }[];
}

const INDEX = "index.json";

/** Says which key it is and nothing about it: keys are 256 random bits. */
export function keyFingerprint({ password }: Pick<RepositoryKey, "password">): string {
  return createHash("sha256").update(`simpul-backup-key\n${password}`).digest("hex").slice(0, 16);
}

/** Undefined where there is none, or one that cannot be read. */
export async function readEscrow(folder: string): Promise<EscrowIndex | undefined> {
  try {
    const index = JSON.parse(await readFile(path.join(folder, INDEX), "utf8")) as EscrowIndex;
    return Array.isArray(index.keys) && Array.isArray(index.copies) ? index : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT")
      return undefined;
    throw error;
  }
}

/**
 * Seals all keys for each custodian alone, in files that may stand in git: whoever has no identity of theirs opens none.
 * The index is written last, so that a run that was broken off shows as one that is behind.
 * @throws Error of the system when age(1) is missing or refuses
 */
export async function writeEscrow(
  folder: string,
  kabupaten: string,
  keys: readonly RepositoryKey[],
  custodians: readonly Custodian[],
): Promise<EscrowIndex> {
  await mkdir(folder, { recursive: true });
  const plain = JSON.stringify({ kabupaten, keys }, undefined, 2);
  const copies: EscrowIndex["copies"][number][] = [];
  for (const { name, age } of custodians) {
    const file = escrowFile(name, age);
    const sealed = seal(age, plain);
    await writeWhole(path.join(folder, file), sealed);
    copies.push({ custodian: name, age, file, sha256: sha256(sealed) });
  }
  const index: EscrowIndex = {
    keys: keys.map((key) => ({
      ...{ repository: key.repository, site: key.site, fingerprint: keyFingerprint(key) },
    })),
    copies,
  };
  await writeWhole(path.join(folder, INDEX), `${JSON.stringify(index, undefined, 2)}\n`);
  // Copies of who is no custodian any more.
  for (const name of await readdir(folder))
    if (name.endsWith(".age") && !copies.some(({ file }) => file === name))
      await rm(path.join(folder, name), { force: true });
  return index;
}

/** SHA-256 of a sealed copy as it lies there; undefined where it is gone. */
export async function copyHash(folder: string, file: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, path.basename(file)), "utf8").catch(
    () => undefined,
  );
  return text === undefined ? undefined : sha256(text);
}

/**
 * What a custodian's own key opens.
 * @param identity file of age-keygen's
 * @returns the keys; undefined where this key does not open this copy
 */
export async function openCopy(
  folder: string,
  file: string,
  identity: string,
): Promise<readonly RepositoryKey[] | undefined> {
  const sealed = await readFile(path.join(folder, path.basename(file)), "utf8").catch(() => "");
  const { status, stdout, error } = spawnSync("age", ["--decrypt", "--identity", identity], {
    input: sealed,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) return undefined;
  return (JSON.parse(stdout) as { readonly keys: readonly RepositoryKey[] }).keys;
}

function seal(recipient: string, text: string): string {
  const { status, stdout, stderr, error } = spawnSync(
    "age",
    ["--armor", "--recipient", recipient],
    {
      input: text,
      encoding: "utf8",
    },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw Object.assign(new Error(`age: ${stderr.trim()}`), { syscall: "age" });
  return stdout;
}

/** Two custodians may share a name; none share a key. */
function escrowFile(name: string, age: string): string {
  return `${slugOf(name)}-${age.slice(-8)}.age`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
