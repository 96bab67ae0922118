import { open, type FileHandle } from "node:fs/promises";

/** The end of a ledger's file. */
export interface Tail {
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes behind the last newline: what a power cut left of a line. */
  readonly torn: Buffer;
  /** The last whole line, with its newline; empty where there is none. */
  readonly last: Buffer;
}

const STEP_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads no more of the file than its last line, however long the file is. Nothing is there: empty. */
export async function readTail(file: string): Promise<Tail> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (handle === undefined) return { size: 0, torn: Buffer.alloc(0), last: Buffer.alloc(0) };
  try {
    return await tailOf(handle);
  } finally {
    await handle.close();
  }
}

async function tailOf(handle: FileHandle): Promise<Tail> {
  const { size } = await handle.stat();
  let end = Buffer.alloc(0);
  let from = size;
  for (;;) {
    const cut = end.lastIndexOf(NEWLINE);
    const before = cut > 0 ? end.lastIndexOf(NEWLINE, cut - 1) : -1;
    if (before >= 0 || from === 0)
      return { size, torn: end.subarray(cut + 1), last: end.subarray(before + 1, cut + 1) };
    const step = Math.min(from, Math.max(STEP_BYTES, end.length));
    from -= step;
    const part = Buffer.alloc(step);
    await handle.read(part, 0, step, from);
    end = Buffer.concat([part, end]);
  }
}

/** Adds bytes that are on the disk when it returns; what could be written in part only is taken back. */
export async function addBytes(file: string, bytes: string | Buffer): Promise<void> {
  const handle = await open(file, "a", 0o644);
  try {
    const { size } = await handle.stat();
    try {
      await handle.appendFile(bytes);
      await handle.sync();
    } catch (error) {
      await handle.truncate(size);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

/** Takes away everything behind the first so many bytes. */
export async function cutFile(file: string, bytes: number): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.truncate(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a new name in a folder outlive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
