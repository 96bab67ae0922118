import { hash } from "node:crypto";
import { open } from "node:fs/promises";
import path from "node:path";

/** What a chain needs to know of one line. */
export interface ChainLine {
  /** Relative to the ledger's folder. */
  readonly file: string;
  /** Counts from 1 within its file. */
  readonly number: number;
  /** SHA-256 of the line with its newline. */
  readonly hash: string;
  /** NaN in a line that does not begin as ours do. */
  readonly sequence: number;
  readonly previous: string;
  readonly time: string;
  /** The file ends without a newline behind it. */
  readonly torn: boolean;
}

const CHUNK_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** Lines of a writer's files, in their order, a chunk at a time: a ledger may be larger than the memory. */
export async function* chainLines(
  folder: string,
  files: readonly string[],
): AsyncGenerator<readonly ChainLine[]> {
  for (const file of files) yield* linesOf(folder, file);
}

async function* linesOf(folder: string, file: string): AsyncGenerator<readonly ChainLine[]> {
  const handle = await open(path.join(folder, file), "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let number = 0;
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      const bytes = chunk.subarray(0, bytesRead);
      const text = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const lines: ChainLine[] = [];
      let start = 0;
      for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
        lines.push(chainLine(file, ++number, text.subarray(start, end + 1), false));
        start = end + 1;
      }
      rest = Buffer.from(text.subarray(start));
      yield lines;
    }
    if (rest.length > 0) yield [chainLine(file, number + 1, rest, true)];
  } finally {
    await handle.close();
  }
}

/** Our lines begin with these fields, in this order; what follows them the hash vouches for. */
const BEGINNING = /^\{"previous":"([0-9a-f]{64})","sequence":(\d{1,15}),"time":"([0-9TZ:.-]{24})",/;
const BEGINNING_BYTES = 160;

/** @param text the line with its newline */
export function chainLine(file: string, number: number, text: Buffer, torn: boolean): ChainLine {
  const [, previous = "", sequence = "", time = ""] =
    BEGINNING.exec(text.toString("latin1", 0, BEGINNING_BYTES)) ?? [];
  return {
    ...{ file, number, hash: hash("sha256", text, "hex"), previous, time, torn },
    sequence: sequence === "" ? Number.NaN : Number(sequence),
  };
}
