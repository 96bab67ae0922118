import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Evidence } from "../../modules/evidence/evidence-line.ts";
import type { Ledger } from "../../modules/evidence/ledger.ts";
import { ensureSigningKey, type Signer } from "../../modules/evidence/signature.ts";
import { writerName } from "../../modules/evidence/ledger.ts";

/** A machine with a key of its own, and the ledger that it writes to. */
export interface Machine {
  readonly ledger: Ledger;
  readonly writer: string;
  readonly signer: Signer;
}

/** A folder that goes with the test, and machines that write to ledgers in it. */
export class LedgerLab {
  readonly folder = mkdtempSync(path.join(tmpdir(), "simpul-evidence-"));
  /** Minutes of the clock that all machines share. */
  #minutes = 0;

  machine(name: string, ledgerFolder = "ledger"): Machine {
    const secrets = path.join(this.folder, `secrets-${name}`);
    const key = ensureSigningKey(secrets);
    return {
      ledger: {
        kabupaten: "uji",
        folder: path.join(this.folder, ledgerFolder),
        secrets,
        now: () => new Date(Date.UTC(2026, 10, 23, 2, this.#minutes++)),
      },
      writer: writerName(key.publicKey, key.machine),
      signer: { name, key: key.publicKey },
    };
  }

  /** The clock goes to this moment. */
  setClock(time: string): void {
    this.#minutes = (Date.parse(time) - Date.UTC(2026, 10, 23, 2)) / 60_000;
  }

  text(...parts: readonly string[]): string {
    return readFileSync(path.join(this.folder, ...parts), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function someEvidence(number: number, kind = "verify-wan"): Evidence {
  return {
    kind,
    obligations: ["temanggung-20-9"],
    measured: { sessions_up: number },
    findings: [],
    versions: { simpul: "0.1.0" },
  };
}
