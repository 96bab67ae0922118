// Fills a small disk with evidence until it is full, makes room, and goes on; prints what came of it.
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { appendEvidence } from "../../modules/evidence/append.ts";
import { ensureSigningKey } from "../../modules/evidence/signature.ts";
import { verifyLedger } from "../../modules/evidence/verify-ledger.ts";
import { someEvidence } from "./ledger-lab.ts";

const folder = process.argv[2]!;
const ledger = {
  kabupaten: "uji",
  folder: path.join(folder, "ledger"),
  secrets: path.join(folder, "secrets"),
  now: () => new Date(),
};
const signers = [{ name: "here", key: ensureSigningKey(ledger.secrets).publicKey }];
const verified = () =>
  verifyLedger({ kabupaten: "uji", folder: ledger.folder, signers, copies: [] });

const ballast = path.join(folder, "ballast");
writeFileSync(ballast, Buffer.alloc(700 * 1024));
let kept = 0;
let code: string | undefined;
const large = { ...someEvidence(0), measured: { text: "x".repeat(30_000) } };
while (code === undefined && kept < 100)
  try {
    await appendEvidence(ledger, large);
    kept++;
  } catch (error) {
    code = (error as NodeJS.ErrnoException).code;
  }
const full = await verified();
rmSync(ballast);
await appendEvidence(ledger, someEvidence(1));
const after = await verified();
process.stdout.write(
  JSON.stringify({
    ...{ code, kept, lines: full.writers[0]!.lines, findings: full.findings },
    ...{ linesAfter: after.writers[0]!.lines, findingsAfter: after.findings },
  }),
);
