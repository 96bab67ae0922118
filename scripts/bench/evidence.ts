import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { appendEvidence } from "../../modules/evidence/append.ts";
import {
  lineHash,
  lineText,
  NOTHING_BEFORE,
  type Evidence,
} from "../../modules/evidence/evidence-line.ts";
import { signedHeadText } from "../../modules/evidence/head.ts";
import { headFile, ledgerFile, writerName, type Ledger } from "../../modules/evidence/ledger.ts";
import { ensureSigningKey } from "../../modules/evidence/signature.ts";
import { verifyLedger } from "../../modules/evidence/verify-ledger.ts";
import { timed, type Contender, type Started, type Subject } from "./contender.ts";
import { program } from "./program.ts";

const KABUPATEN = "uji";
const FROM = Date.UTC(2026, 10, 1);
const SIZES = [1000, 1_000_000] as const;

/** What it costs to add a line to the evidence ledger, and to follow its chain. */
export const evidence: Subject = {
  name: "evidence",
  begin: async (): Promise<Started> => {
    const folder = await mkdtemp(path.join(tmpdir(), "simpul-bench-"));
    const ledgers = await Promise.all(
      SIZES.map((size) => writtenLedger(path.join(folder, `${size}`), size)),
    );
    const large = ledgers.at(-1)!;
    return {
      about: `a ledger of ${SIZES.join(" and of ")} lines of ${large.bytesPerLine} bytes`,
      contenders: [
        ...ledgers.map((each) => appended(each)),
        verified(large),
        {
          name: "sha256sum of the same file",
          note: "one sum over all bytes, no chain, no line named",
          run: () => timed(() => program("sha256sum", [large.file], { cwd: folder })),
        },
      ],
      end: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

interface WrittenLedger extends Ledger {
  readonly file: string;
  readonly size: number;
  readonly bytesPerLine: number;
  readonly key: string;
}

function appended(ledger: WrittenLedger): Contender {
  return {
    name: `one line behind ${ledger.size}`,
    note: "signed, and on the disk",
    run: () => timed(() => appendEvidence(ledger, someEvidence(0))),
  };
}

function verified({ folder, key, size }: WrittenLedger): Contender {
  return {
    name: `the chain of ${size}`,
    run: () =>
      timed(async () => {
        const signers = [{ name: "bench", key }];
        const { findings } = await verifyLedger({
          ...{ kabupaten: KABUPATEN, folder, signers, copies: [] },
        });
        if (findings.length > 0) throw new Error(findings[0]!.what);
      }),
  };
}

/** As `appendEvidence` would have written it, without the wait for the disk after each line. */
async function writtenLedger(parent: string, size: number): Promise<WrittenLedger> {
  const [secrets, folder] = [path.join(parent, "secrets"), path.join(parent, "ledger")];
  const key = ensureSigningKey(secrets);
  const writer = writerName(key.publicKey, key.machine);
  const file = path.join(folder, ledgerFile("2026-11", writer));
  await mkdir(path.dirname(file), { recursive: true });
  await mkdir(path.join(folder, "heads"));
  const out = createWriteStream(file);
  let [previous, line, bytes] = [NOTHING_BEFORE, "", 0];
  for (let sequence = 1; sequence <= size; sequence++) {
    line = lineText(
      someEvidence(sequence),
      { sequence, previous },
      new Date(FROM + sequence * 1000),
    );
    previous = lineHash(line);
    bytes += line.length;
    if (!out.write(line)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  const head = signedHeadText({ kabupaten: KABUPATEN, writer, sequence: size, line }, key);
  await writeFile(path.join(folder, headFile(writer)), head);
  const now = (): Date => new Date(FROM + 29 * 86_400_000);
  return {
    ...{ kabupaten: KABUPATEN, folder, secrets, now, file, size, key: key.publicKey },
    bytesPerLine: Math.round(bytes / size),
  };
}

function someEvidence(number: number): Evidence {
  return {
    kind: "verify-backup",
    obligations: ["temanggung-15-1", "temanggung-15-2"],
    subject: "ppdb-online",
    measured: { snapshots: number, age_seconds: 3600, files: 1234, seconds_restore: 12.34 },
    findings: [],
    versions: { simpul: "0.1.0", restic: "0.14.0", docker: "20.10.24" },
  };
}
