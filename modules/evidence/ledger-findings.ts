import type { Diagnostic } from "../core/diagnostic.ts";
import type { ChainChange, ChainProblem } from "./chain-problem.ts";
import type { Head } from "./head.ts";

const RESTORE =
  "bring the file back from git or from the DRC (git log -p FILE shows who changed it), then verify again";
const RUN_AGAIN =
  "nothing is lost: its machine puts it right, and says so, with the next thing that it records (simpul verify all)";

/** What was done to a chain, as a person reads it. */
export function chainFinding(
  { kabupaten, writer }: { readonly kabupaten: string; readonly writer: string },
  problem: ChainProblem,
): Diagnostic {
  const { change, file, number, sequence, count, words } = problem;
  const isMended = change === "torn" || change === "pending";
  return {
    id: `evidence-${change === "pending" ? "truncated" : change}`,
    severity: "error",
    what: `${placeWords(problem)} ${words} (entry ${sequenceWords(sequence, count)} of ${writer})`,
    why: WHY[change],
    fix: isMended ? RUN_AGAIN : RESTORE,
    ...(number > 0 &&
      file !== "" && { at: { file: `evidence/${kabupaten}/${file}`, line: number, column: 1 } }),
  };
}

function placeWords({ change, file, number, sequence, count }: ChainProblem): string {
  if (change !== "removed" && change !== "truncated" && change !== "pending")
    return `line ${number} of ${file}`;
  const where =
    file === ""
      ? ""
      : number === 0
        ? `, before line 1 of ${file}`
        : `, after line ${number} of ${file}`;
  if (change === "pending") return `entry ${sequence}${where}, stands in the head only: its line`;
  return `entry ${sequence}${where}${count > 1 ? "," : ""}`;
}

function sequenceWords(sequence: number, count: number): string {
  if (Number.isNaN(sequence)) return "without a number";
  return count === 1 ? `${sequence}` : `${sequence} to ${sequence + count - 1}`;
}

const WHY: Readonly<Record<ChainChange, string>> = {
  edited: "each line carries the SHA-256 of the one before, and the signed head that of the last",
  removed: "the lines are numbered, and the one after it carries the hash of what is gone",
  truncated: "the signed head says how far the ledger reaches",
  inserted: "no line that the signed head leads back to follows it",
  reordered: "the chain has one order only",
  "back-dated":
    "time goes forward: the line was written later than it says, or the machine's clock was set back",
  misfiled: "each month's lines stand in the file of that month",
  torn: "the machine stopped while it wrote; the head holds the whole line",
  pending:
    "the machine stopped between the head, which is written first and holds the line, and the line",
};

export function headMissing(writer: string): Diagnostic {
  return {
    id: "evidence-head-missing",
    severity: "error",
    what: `the lines of ${writer} have no head (heads/${writer})`,
    why: "only the signed head says how far they reach and who wrote them",
    fix: RESTORE,
  };
}

export function headForged(writer: string): Diagnostic {
  return {
    id: "evidence-head-forged",
    severity: "error",
    what: `the head of ${writer} is not what its signature vouches for`,
    why: "whoever changes a ledger must change its head, and cannot sign it",
    fix: RESTORE,
  };
}

export function headOfAnother(writer: string, { kabupaten, writer: other }: Head): Diagnostic {
  return {
    id: "evidence-head-forged",
    severity: "error",
    what: `the head of ${writer} is that of ${other} in ${kabupaten}`,
    why: "a head that is signed rightly says nothing about another ledger",
    fix: RESTORE,
  };
}

export function signerUnknown({ writer, key }: Head): Diagnostic {
  return {
    id: "evidence-signer-unknown",
    severity: "error",
    what: `the lines of ${writer} are signed by a key that kabupaten.yaml does not name`,
    why: "anybody can make a key and a chain; the inventory says whose count",
    fix: `if the machine is yours, add it under evidence: signers: in kabupaten.yaml: { name: NAME, key: ${key} }`,
  };
}

export function signersMissing(): Diagnostic {
  return {
    id: "evidence-signers-missing",
    severity: "warning",
    what: "kabupaten.yaml names nobody who may sign evidence",
    why: "without it the ledger shows that nobody changed it, and not who wrote it",
    fix: "add evidence: { signers: [{ name: pusat-data, key: ssh-ed25519 AAAA... }] }; simpul evidence verify --json shows the keys",
  };
}
