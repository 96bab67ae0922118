import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

import { holdFile } from "../engine/file-lock.ts";
import { writeWhole } from "../engine/whole-file.ts";
import {
  lineText,
  NOTHING_BEFORE,
  parseLine,
  type Evidence,
  type EvidenceLine,
} from "./evidence-line.ts";
import { parseHead, signedHeadText, type SignedHead } from "./head.ts";
import { headFile, ledgerFile, monthOf, writerName, type Ledger } from "./ledger.ts";
import { addBytes, cutFile, readTail, syncFolder } from "./ledger-tail.ts";
import { ensureSigningKey, verifySignature, type SigningKey } from "./signature.ts";
import {
  forgetTornLine,
  noteTornLine,
  notedTornLine,
  repairEvidence,
  tornLine,
} from "./torn-line.ts";

/** How long another process of this machine may be at it before we give up. */
const PATIENCE_SECONDS = 60;

/** Who writes, and the writer's files. */
interface Pen {
  readonly ledger: Ledger;
  readonly key: SigningKey;
  readonly writer: string;
  /** The machine's own folder: key, lock and the head as this machine knows it. */
  readonly own: string;
}

/**
 * Adds lines to the end of this machine's chain. When it returns, they are on the disk; where it throws, or is killed,
 * nothing that was there is lost, and the next call puts whatever was begun in place.
 * @returns the lines as they stand in the ledger
 * @throws Error of the system: a full disk, a folder that cannot be used, another process that does not let go
 */
export async function appendEvidence(
  ledger: Ledger,
  ...evidence: readonly Evidence[]
): Promise<readonly EvidenceLine[]> {
  const key = ensureSigningKey(ledger.secrets);
  const own = path.join(ledger.secrets, "evidence");
  const pen: Pen = { ledger, key, writer: writerName(key.publicKey, key.machine), own };
  const release = await holdFile(path.join(own, "lock"), PATIENCE_SECONDS);
  if (release === undefined)
    throw Object.assign(new Error(`another process holds ${path.join(own, "lock")}`), {
      syscall: "flock",
    });
  try {
    await mkdir(path.join(ledger.folder, "heads"), { recursive: true });
    await removeDrafts(pen);
    let head = await knownHead(pen);
    if (head !== undefined) await settle(pen, head);
    const torn = await notedTornLine(own);
    if (torn !== undefined) {
      const repair = repairEvidence(torn, evidence[0]?.versions ?? {});
      if (!isSaid(head, torn.hash)) head = await add(pen, head, repair);
      await forgetTornLine(own);
    }
    const lines: EvidenceLine[] = [];
    for (const each of evidence) {
      head = await add(pen, head, each);
      lines.push(parseLine(head.line)!);
    }
    return lines;
  } finally {
    await release();
  }
}

/** What a process that was killed was about to put in the place of a head; whoever holds the lock may clear it away. */
async function removeDrafts({ ledger, writer, own }: Pen): Promise<void> {
  for (const [folder, name] of [
    [path.join(ledger.folder, "heads"), writer],
    [own, "head"],
    [own, "torn.json"],
  ] as const)
    for (const draft of await readdir(folder))
      if (draft.startsWith(`${name}.`) && draft.endsWith(".new"))
        await rm(path.join(folder, draft), { force: true });
}

/** This machine's own memory of its head; the ledger's, where that was written later (a folder brought back from a copy). */
async function knownHead(pen: Pen): Promise<SignedHead | undefined> {
  const [mine, published] = await Promise.all(
    [path.join(pen.own, "head"), publishedHead(pen)].map(readHead),
  );
  const isOurs =
    published !== undefined &&
    published.kabupaten === pen.ledger.kabupaten &&
    published.key === pen.key.publicKey &&
    published.sequence > (mine?.sequence ?? 0) &&
    verifySignature(published.signedText, published.signature, published.key, []) !== "forged";
  return isOurs ? published : mine;
}

async function readHead(file: string): Promise<SignedHead | undefined> {
  try {
    return parseHead(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Brings the ledger to where the head is: a line that was not written whole is cut off, noted, and written again. */
async function settle(pen: Pen, head: SignedHead): Promise<void> {
  const relative = fileOf(pen, head.line);
  const file = path.join(pen.ledger.folder, relative);
  const tail = await readTail(file);
  if (tail.torn.length > 0) {
    await noteTornLine(pen.own, tornLine(relative, tail.torn));
    await cutFile(file, tail.size - tail.torn.length);
  }
  if (isPending(head, tail.last)) await putLine(pen, head.line);
  await publish(pen, `${head.signedText}${head.signature}`);
}

/** The head's line is the one that follows what the file ends with. Anything else there is for `verify` to tell. */
function isPending(head: SignedHead, last: Buffer): boolean {
  if (last.toString() === head.line) return false;
  const [line, before] = [parseLine(head.line)!, parseLine(last.toString())];
  return last.length === 0 || before?.sequence === line.sequence - 1;
}

async function add(
  pen: Pen,
  head: SignedHead | undefined,
  evidence: Evidence,
): Promise<SignedHead> {
  const sequence = (head?.sequence ?? 0) + 1;
  const previous = head?.hash ?? NOTHING_BEFORE;
  const line = lineText(evidence, { sequence, previous }, pen.ledger.now());
  const { kabupaten } = pen.ledger;
  const text = signedHeadText({ kabupaten, writer: pen.writer, sequence, line }, pen.key);
  await writeWhole(path.join(pen.own, "head"), text);
  await syncFolder(pen.own);
  await publish(pen, text);
  await putLine(pen, line);
  return parseHead(text)!;
}

async function putLine(pen: Pen, line: string): Promise<void> {
  const file = path.join(pen.ledger.folder, fileOf(pen, line));
  await mkdir(path.dirname(file), { recursive: true });
  await addBytes(file, line);
  await syncFolder(path.dirname(file));
}

async function publish(pen: Pen, text: string): Promise<void> {
  const file = publishedHead(pen);
  const isThere = (await readFile(file, "utf8").catch(() => "")) === text;
  if (isThere) return;
  await writeWhole(file, text);
  await syncFolder(path.dirname(file));
}

function publishedHead({ ledger, writer }: Pen): string {
  return path.join(ledger.folder, headFile(writer));
}

function fileOf({ writer }: Pen, line: string): string {
  return ledgerFile(monthOf(parseLine(line)!.time), writer);
}

/** A power cut came between the line of a repair and the end of its note. */
function isSaid(head: SignedHead | undefined, hash: string): boolean {
  const line = head === undefined ? undefined : parseLine(head.line);
  return line?.kind === "ledger-repair" && line.measured["cut_sha256"] === hash;
}
