import { readFile } from "node:fs/promises";
import path from "node:path";

import type { Diagnostic } from "../core/diagnostic.ts";
import { chainLines, type ChainLine } from "./chain-line.ts";
import { ChainWalk, type Anchor } from "./check-chain.ts";
import { explainChain } from "./explain-chain.ts";
import { lineHash } from "./evidence-line.ts";
import { parseHead, type SignedHead } from "./head.ts";
import { headFile, writersIn, type WriterFiles } from "./ledger.ts";
import {
  chainFinding,
  headForged,
  headMissing,
  headOfAnother,
  signersMissing,
  signerUnknown,
} from "./ledger-findings.ts";
import { verifySignature, type Signer } from "./signature.ts";

export interface LedgerToVerify {
  readonly kabupaten: string;
  readonly folder: string;
  /** Of the inventory. */
  readonly signers: readonly Signer[];
  /** Heads that were kept elsewhere, as texts: what they say must still be so. */
  readonly copies: readonly string[];
}

export interface VerifiedWriter {
  readonly writer: string;
  /** Name in the inventory. */
  readonly signer?: string;
  /** What it signs with. */
  readonly key?: string;
  readonly lines: number;
  readonly files: readonly string[];
}

export interface VerifiedLedger {
  readonly writers: readonly VerifiedWriter[];
  readonly findings: readonly Diagnostic[];
}

/** Follows every writer's chain from its first line to its signed head, and says what does not fit. */
export async function verifyLedger(ledger: LedgerToVerify): Promise<VerifiedLedger> {
  const copies = ledger.copies.flatMap((text) => parseHead(text) ?? []).filter(isGenuine);
  const there = await writersIn(ledger.folder);
  const known = new Set(there.map(({ writer }) => writer));
  const lost = [...new Set(copies.map(({ writer }) => writer))].filter((name) => !known.has(name));
  const writers: VerifiedWriter[] = [];
  const findings: Diagnostic[] = [];
  for (const files of [...there, ...lost.map(nothingOf)]) {
    const own = copies.filter(({ writer }) => writer === files.writer);
    const verified = await verifyWriter(ledger, files, own);
    writers.push(verified.writer);
    findings.push(...verified.findings);
  }
  const isNobodyNamed = ledger.signers.length === 0 && writers.length > 0;
  return { writers, findings: [...(isNobodyNamed ? [signersMissing()] : []), ...findings] };
}

function nothingOf(writer: string): WriterFiles {
  return { writer, files: [], hasHead: false };
}

async function verifyWriter(
  { folder, kabupaten, signers }: LedgerToVerify,
  { writer, files, hasHead }: WriterFiles,
  copies: readonly SignedHead[],
): Promise<{ readonly writer: VerifiedWriter; readonly findings: readonly Diagnostic[] }> {
  const text = hasHead ? await readFile(path.join(folder, headFile(writer)), "utf8") : undefined;
  const judged = judgeHead(text, { kabupaten, writer, signers });
  const head = judged.head ?? newest(copies);
  const anchors: readonly Anchor[] = copies;
  const walk = new ChainWalk(anchors);
  for await (const lines of chainLines(folder, files)) for (const line of lines) walk.take(line);
  const isWhole = walk.endsAt(head) && anchors.every(({ sequence }) => sequence <= walk.length);
  const problems = isWhole ? [] : explainChain(await allLines(folder, files), judged.head, anchors);
  return {
    writer: {
      ...{ writer, lines: walk.length, files },
      ...(judged.signer !== undefined && { signer: judged.signer.name }),
      ...(judged.head !== undefined && { key: judged.head.key }),
    },
    findings: [
      ...judged.findings,
      ...problems.map((problem) => chainFinding({ kabupaten, writer }, problem)),
    ],
  };
}

interface JudgedHead {
  /** Absent where it cannot be relied on. */
  readonly head?: SignedHead;
  readonly signer?: Signer;
  readonly findings: readonly Diagnostic[];
}

function judgeHead(
  text: string | undefined,
  { kabupaten, writer, signers }: { kabupaten: string; writer: string; signers: readonly Signer[] },
): JudgedHead {
  if (text === undefined) return { findings: [headMissing(writer)] };
  const head = parseHead(text);
  if (head === undefined || lineHash(head.line) !== head.hash)
    return { findings: [headForged(writer)] };
  const signer = verifySignature(head.signedText, head.signature, head.key, signers);
  if (signer === "forged") return { findings: [headForged(writer)] };
  if (head.writer !== writer || head.kabupaten !== kabupaten)
    return { findings: [headOfAnother(writer, head)] };
  if (signer !== "unknown") return { head, signer, findings: [] };
  return { head, findings: signers.length === 0 ? [] : [signerUnknown(head)] };
}

/** A copy that somebody made up says nothing. */
function isGenuine({ signedText, signature, key }: SignedHead): boolean {
  return verifySignature(signedText, signature, key, []) !== "forged";
}

function newest(heads: readonly SignedHead[]): SignedHead | undefined {
  return heads.toSorted((a, b) => a.sequence - b.sequence).at(-1);
}

async function allLines(folder: string, files: readonly string[]): Promise<readonly ChainLine[]> {
  const all: ChainLine[] = [];
  for await (const lines of chainLines(folder, files)) for (const line of lines) all.push(line);
  return all;
}
