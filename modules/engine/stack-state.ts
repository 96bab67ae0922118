import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { textAt, type Attributes } from "./terraform-attributes.ts";

/** What a Terraform state knows, without what it knows about it: attributes stay in the file. */
export interface StackState {
  /** Changes with every write of the state; empty when there is no state. */
  readonly version: string;
  /** Ids and names of the engine's objects in it. */
  readonly ids: ReadonlySet<string>;
  /** Addresses: `docker_container.router`. */
  readonly addresses: ReadonlySet<string>;
  /** Everything in it, with what terraform last knew of it. */
  readonly resources: readonly StateResource[];
}

export interface StateResource {
  /** `docker_container.router` */
  readonly address: string;
  /** `docker_container` */
  readonly type: string;
  readonly id: string;
  readonly attributes: Attributes;
}

/** What of a state file is read here. */
export interface StateFile {
  readonly serial: number;
  readonly lineage: string;
  readonly resources?: readonly {
    readonly type: string;
    readonly name: string;
    readonly mode: string;
    readonly instances: readonly { readonly attributes?: Attributes }[];
  }[];
}

/** Reads a state file; one that is absent, or cut off and not yet mended (state-recovery.ts), is an empty state. */
export async function readState(path: string): Promise<StackState> {
  const file = parseState(await readStateText(path));
  if (file === undefined)
    return { version: "", ids: new Set(), addresses: new Set(), resources: [] };
  const managed = (file.resources ?? []).filter(({ mode }) => mode === "managed");
  const resources = managed.flatMap(({ type, name, instances }) =>
    instances.map(({ attributes = {} }) => {
      const address = `${type}.${name}`;
      return { address, type, id: textAt(attributes, "id"), attributes };
    }),
  );
  return {
    version: `${file.lineage}/${file.serial}`,
    ids: new Set(resources.map(({ id }) => id).filter((id) => id !== "")),
    addresses: new Set(managed.map(({ type, name }) => `${type}.${name}`)),
    resources,
  };
}

/** The text of a state file; empty when there is none. */
export async function readStateText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

/** A state in version 4 of the format; undefined for any other text, one that was cut off above all. */
export function parseState(text: string): StateFile | undefined {
  try {
    const file = JSON.parse(text) as Partial<StateFile> | null;
    const whole = typeof file?.serial === "number" && typeof file.lineage === "string";
    return whole ? (file as StateFile) : undefined;
  } catch {
    return undefined;
  }
}

/** Every state file in a kabupaten's state folder, those of stacks that left the inventory too; sorted. */
export async function stateFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const states = names.filter((name) => name.endsWith(".tfstate") && !name.startsWith("."));
  return states.toSorted().map((name) => join(folder, name));
}

/**
 * Whether some terraform holds the state at this moment, ours or one that a killed run left behind. Terraform locks
 * the state file itself (fcntl), which Linux lists by file system and inode (proc_locks(5)); the `.lock.info` file beside
 * it survives a kill.
 */
export async function stateIsHeld(path: string): Promise<boolean> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    const [{ ino }, device, locks] = await Promise.all([
      file.stat(),
      deviceOf(file.fd),
      readFile("/proc/locks", "utf8").catch(() => ""),
    ]);
    return locks
      .split("\n")
      .some((line) => / WRITE /.test(line) && line.includes(` ${device}:${ino} `));
  } finally {
    await file.close();
  }
}

/** The file system of an open file as /proc/locks names it; stat(2) gives another device on btrfs and overlayfs. */
async function deviceOf(fd: number): Promise<string> {
  const [fdinfo, mounts] = await Promise.all(
    [`fdinfo/${fd}`, "mountinfo"].map((name) => readFile(`/proc/self/${name}`, "utf8")),
  );
  const mount = /^mnt_id:\s*(\d+)$/m.exec(fdinfo!)?.[1];
  const device = mounts!
    .split("\n")
    .map((line) => line.split(" "))
    .find(([id]) => id === mount)?.[2];
  if (device === undefined) throw new Error(`no mount has the number ${mount}`);
  return device
    .split(":", 2)
    .map((number) => Number(number).toString(16).padStart(2, "0"))
    .join(":");
}
