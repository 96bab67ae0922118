import { chainLines } from "./chain-line.ts";
import type { KeptHead } from "./drc-heads.ts";
import { writersIn } from "./ledger.ts";

/** So many of one writer say enough. */
const MOST = 20;

/**
 * Which of the heads that were kept elsewhere must be looked at: all that the ledger does not bear out, by their names, and
 * each writer's last. A head that a chain bears out vouches for every line before it, so the others add nothing.
 */
export async function headsToRead(
  folder: string,
  kept: readonly KeptHead[],
): Promise<readonly KeptHead[]> {
  const files = new Map((await writersIn(folder)).map((each) => [each.writer, each.files]));
  const chosen: KeptHead[] = [];
  for (const writer of new Set(kept.map((head) => head.writer))) {
    const own = kept.filter((head) => head.writer === writer);
    const unborne = await notBorneOut(folder, files.get(writer) ?? [], own);
    const last = own.reduce((one, other) => (other.sequence > one.sequence ? other : one));
    // The earliest says where a chain was left, the latest how far it reached.
    const few =
      unborne.length <= MOST
        ? unborne
        : [...unborne.slice(0, MOST / 2), ...unborne.slice(-MOST / 2)];
    chosen.push(...new Set([...few, last]));
  }
  return chosen;
}

async function notBorneOut(
  folder: string,
  files: readonly string[],
  heads: readonly KeptHead[],
): Promise<readonly KeptHead[]> {
  const asked = new Set(heads.map(({ sequence }) => sequence));
  const found = new Set<string>();
  for await (const lines of chainLines(folder, files))
    for (const { sequence, hash } of lines)
      if (asked.has(sequence)) found.add(`${sequence} ${hash}`);
  return heads.filter(({ sequence, hash }) => !found.has(`${sequence} ${hash}`));
}
