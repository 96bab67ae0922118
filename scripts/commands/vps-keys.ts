import { readFile } from "node:fs/promises";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** Begins as a public key does; whatever else is said is a file's name. */
const IS_KEY = /^(?:ssh-|ecdsa-|sk-|-----BEGIN)/;

/** Keys as they were typed, and those of the files that were named: one a line, as in authorized_keys. */
export async function readKeys(
  said: readonly string[],
): Promise<{ readonly keys: readonly string[]; readonly findings: readonly Diagnostic[] }> {
  const keys: string[] = [];
  const findings: Diagnostic[] = [];
  for (const word of said) {
    const text = IS_KEY.test(word) ? word : await textOf(word);
    if (typeof text !== "string") findings.push(text);
    else keys.push(...keysIn(text));
  }
  return { keys, findings };
}

/** A private key stays one text, so that it is refused as one. */
function keysIn(text: string): readonly string[] {
  if (text.startsWith("-----BEGIN")) return ["-----BEGIN PRIVATE KEY-----"];
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

async function textOf(file: string): Promise<string | Diagnostic> {
  const path = file.replace(/^~(?=\/)/, process.env["HOME"] ?? "~");
  try {
    const text = await readFile(path, "utf8");
    if (text.trim() !== "") return text;
    return wrongArgument(`${file} holds no key`, "name the .pub file that ssh-keygen wrote");
  } catch (error) {
    return wrongArgument(
      `${file} is no SSH key, and no file that can be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`,
      "write the key itself, ssh-ed25519 AAAA... name, or its file, such as ~/.ssh/id_ed25519.pub",
    );
  }
}
