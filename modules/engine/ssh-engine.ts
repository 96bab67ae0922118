import { createHash, timingSafeEqual } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

import type { NodeSSH } from "node-ssh";

import { Fault } from "../core/fault.ts";
import type { Engine, EngineAnswer } from "./docker-engine.ts";

/** Another engine's host, and the way to it. */
export interface SshEngine extends Engine {
  readonly close: () => void;
}

export interface SshEngineOptions {
  /** Key in the inventory's `engines`. */
  readonly name: string;
  /** `ssh://ops@10.64.0.5`, with an optional port. */
  readonly host: string;
  /** Folder of mode 0700 with `id_ed25519` (mode 0600) and `known_hosts`, which pins the host's key. */
  readonly secrets: string;
}

const HOST = /^ssh:\/\/([^@/]+)@([^:/]+)(?::(\d+))?\/?$/;
const ANSWER_MILLISECONDS = 15_000;

/**
 * Connects to an engine's host by its pinned key. Programs there run as root: by sudo, which must ask for no password,
 * where the user is another.
 * @returns the engine, or what is missing here or wrong there
 */
export async function connectEngine({
  name,
  host,
  secrets,
}: SshEngineOptions): Promise<SshEngine | Fault> {
  const [, username = "", address = "", port = "22"] = HOST.exec(host) ?? [];
  const key = await secretText(secrets, "id_ed25519");
  if (key instanceof Fault) return key;
  const known = await secretText(secrets, "known_hosts");
  if (known instanceof Fault) return known;
  const pinned = pinnedKeys(known, address, Number(port));
  if (pinned.length === 0)
    return new Fault(
      `${join(secrets, "known_hosts")} holds no key of ${address}${port === "22" ? "" : ` port ${port}`}`,
      `compare its key at the machine itself, then: ssh-keyscan -p ${port} ${address} >> ${join(secrets, "known_hosts")}`,
    );
  let offered = "";
  const { NodeSSH: Client } = await import("node-ssh");
  const client = new Client();
  try {
    await client.connect({
      host: address,
      port: Number(port),
      username,
      privateKey: key,
      readyTimeout: ANSWER_MILLISECONDS,
      keepaliveInterval: ANSWER_MILLISECONDS,
      algorithms: { serverHostKey: [...new Set(pinned.map(({ type }) => type))] as never },
      hostVerifier: (shown: Buffer) => {
        offered = createHash("sha256").update(shown).digest("base64");
        return pinned.some(
          ({ blob }) => blob.length === shown.length && timingSafeEqual(blob, shown),
        );
      },
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return refusal(name, host, said, offered, secrets);
  }
  return engineOver(client, name, username === "root" ? [] : ["sudo", "--non-interactive", "--"]);
}

function engineOver(client: NodeSSH, name: string, first: readonly string[]): SshEngine {
  return {
    name,
    close: () => client.dispose(),
    run: async (argv, stdin): Promise<EngineAnswer> => {
      const command = [...first, "env", `PATH=${PATH}`, ...argv].map(shellWord).join(" ");
      const answer = await client.execCommand(command, {
        ...(stdin !== undefined && { stdin: Readable.from([stdin]) }),
        noTrim: true,
      });
      return { code: answer.code ?? 128, stdout: answer.stdout, stderr: answer.stderr };
    },
  };
}

/** A login over SSH has seldom the folders of system programs in its path. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The other side joins the words and gives them to a shell: each is quoted, whatever is in it. */
function shellWord(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

interface PinnedKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** Plain entries of a known_hosts file (sshd(8)); hashed names and markers are not read. */
export function pinnedKeys(text: string, host: string, port: number): readonly PinnedKey[] {
  const wanted = port === 22 ? host : `[${host}]:${port}`;
  return text.split("\n").flatMap((line) => {
    const [names = "", type = "", key = ""] = line.trim().split(/\s+/);
    if (!names.split(",").includes(wanted) || key === "") return [];
    return [{ type, blob: Buffer.from(key, "base64") }];
  });
}

/** A file that only its owner reads, in a folder that only its owner enters. */
async function secretText(folder: string, file: string): Promise<string | Fault> {
  const path = join(folder, file);
  const status = await lstat(path).catch(() => undefined);
  if (status === undefined || !status.isFile())
    return new Fault(
      `there is no ${path}`,
      `ssh-keygen -t ed25519 -N '' -f ${join(folder, "id_ed25519")}, its public half into the host's authorized_keys`,
    );
  const around = await lstat(folder);
  if ((status.mode & 0o077) !== 0 || (around.mode & 0o077) !== 0)
    return new Fault(`${path} can be reached by others`, `chmod 700 ${folder}; chmod 600 ${path}`);
  return readFile(path, "utf8");
}

function refusal(
  name: string,
  host: string,
  said: string,
  offered: string,
  secrets: string,
): Fault {
  if (/host.*verif|Host denied|handshake failed.*key/i.test(said))
    return new Fault(
      `the host of engine ${name} shows another key than the pinned one: SHA256:${offered.replace(/=+$/, "")}`,
      `nothing was sent; if the machine is new, compare that at the machine itself and mend ${join(secrets, "known_hosts")}`,
    );
  if (/authentication/i.test(said))
    return new Fault(
      `${host} does not let the key ${join(secrets, "id_ed25519")} in`,
      "add its public half to the authorized_keys of that user",
    );
  return new Fault(
    `engine ${name} is not reached at ${host}: ${said}`,
    "see that the machine is up and its SSH server answers",
  );
}
