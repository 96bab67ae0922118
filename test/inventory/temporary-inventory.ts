import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { loadInventory, type LoadResult } from "../../modules/inventory/load.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/inventory");

/** A copy of the small kabupaten `uji` that a test may damage; gone when the `using` block ends. */
export class TemporaryInventory {
  readonly directory = mkdtempSync(join(tmpdir(), "simpul-inventory-"));

  constructor() {
    cpSync(join(FIXTURES, "uji"), this.path(), { recursive: true });
  }

  path(file = "."): string {
    return join(this.directory, "uji", file);
  }

  write(file: string, content: string | Uint8Array): this {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), content);
    return this;
  }

  remove(file: string): this {
    rmSync(this.path(file), { recursive: true });
    return this;
  }

  load(): Promise<LoadResult> {
    return loadInventory({ directory: this.directory, kabupaten: "uji" });
  }

  /** `file:line:column id`, one per finding. */
  async findings(): Promise<string[]> {
    return (await this.load()).findings.map(brief);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function brief({ id, at }: Diagnostic): string {
  return at === undefined ? id : `${at.file}:${at.line}:${at.column} ${id}`;
}
