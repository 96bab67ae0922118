import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

import { Fault } from "../core/fault.ts";
import { ensureSecretFile } from "../engine/secrets-file.ts";

/** What a signature is for, so that none made for something else counts here (ssh-keygen(1), -n). */
const NAMESPACE = "simpul-evidence";

/** The key with which this machine signs, and who that makes it. */
export interface SigningKey {
  /** Secret, mode 0600. */
  readonly file: string;
  /** `ssh-ed25519 AAAA...`, without a comment. */
  readonly publicKey: string;
  /** What tells this machine from another that holds a copy of the key. */
  readonly machine: string;
}

/** Whom the inventory names as somebody who may sign. */
export interface Signer {
  readonly name: string;
  /** `ssh-ed25519 AAAA...` */
  readonly key: string;
}

/** This machine's key, which is made at its first use. @throws Error of the system when the folder cannot be used */
export function ensureSigningKey(secrets: string): SigningKey {
  const folder = path.join(secrets, "evidence");
  const file = path.join(folder, "id_ed25519");
  must(ensureSecretFile(file, newKey));
  const publicKey = must(
    ensureSecretFile(path.join(folder, "id_ed25519.pub"), () =>
      sshKeygen(["-y", "-P", "", "-f", file]),
    ),
  );
  const [type = "", base64 = ""] = publicKey.trim().split(" ");
  return { file, publicKey: `${type} ${base64}`, machine: machineId() };
}

/** An armored SSH signature of a text. */
export function sign({ file }: SigningKey, text: string): string {
  return sshKeygen(["-Y", "sign", "-q", "-f", file, "-n", NAMESPACE], text);
}

/**
 * Who signed this text.
 * @param publicKey the key that the text says it is signed with
 * @returns the signer of the inventory; `unknown` where the signature is right and nobody is named for the key;
 * `forged` where it is not
 */
export function verifySignature(
  text: string,
  signature: string,
  publicKey: string,
  signers: readonly Signer[],
): Signer | "unknown" | "forged" {
  const folder = mkdtempSync(path.join(tmpdir(), "simpul-signers-"));
  try {
    const signer = signers.find(({ key }) => key === publicKey);
    const name = signer?.name ?? "unknown";
    const [signed, allowed] = [path.join(folder, "signature"), path.join(folder, "allowed")];
    writeFileSync(signed, signature);
    writeFileSync(allowed, `${name} namespaces="${NAMESPACE}" ${publicKey}\n`);
    const words = ["-Y", "verify", "-q", "-f", allowed, "-I", name, "-n", NAMESPACE, "-s", signed];
    const { status, error } = spawnSync("ssh-keygen", words, { input: text });
    if (error !== undefined) throw error;
    return status === 0 ? (signer ?? "unknown") : "forged";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function newKey(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "simpul-key-"));
  try {
    const file = path.join(folder, "key");
    sshKeygen(["-q", "-t", "ed25519", "-N", "", "-C", "simpul-evidence", "-f", file]);
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim() || hostname();
  } catch {
    return hostname();
  }
}

function sshKeygen(args: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync("ssh-keygen", args, {
    input,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw Object.assign(new Error(`ssh-keygen ${args[0]}: ${stderr.trim()}`), {
      syscall: "ssh-keygen",
    });
  return stdout;
}

function must(text: string | Fault): string {
  if (text instanceof Fault)
    throw Object.assign(new Error(`${text.what}; ${text.fix}`), { syscall: "open" });
  return text;
}
