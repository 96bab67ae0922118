import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AreaList } from "../../modules/inventory/scaffold/areas.ts";
import { beginKabupaten, type Wish } from "../../modules/inventory/scaffold/begin-kabupaten.ts";
import { writeKabupaten } from "../../modules/inventory/scaffold/write-kabupaten.ts";

/** The list is long: one reading does for a test file. */
export const AREAS = await AreaList.load();
export const GLOBAL_ID = Uint8Array.of(0x33, 0x23, 0xa5, 0x71, 0xc0);

/** An inventory without any kabupaten; gone when the `using` block ends. */
export class EmptyInventory {
  readonly directory = mkdtempSync(join(tmpdir(), "simpul-init-"));
  #begun = 0;

  path(...steps: readonly string[]): string {
    return join(this.directory, ...steps);
  }

  begin(which: string, more: Partial<Wish> = {}): ReturnType<typeof beginKabupaten> {
    const usual = { directory: this.directory, list: AREAS, globalId: GLOBAL_ID };
    return beginKabupaten({ ...usual, which, ...more });
  }

  /** Begins and writes; gives the folder's name. */
  async init(which: string, change = (text: string): string => text): Promise<string> {
    // Each has a block of its own, as random bytes would give it.
    const globalId = Uint8Array.from([...GLOBAL_ID.slice(0, -1), this.#begun++]);
    const { beginning, findings } = await this.begin(which, { globalId });
    if (beginning === undefined) throw new Error(findings[0]?.what);
    const { name, files } = beginning;
    const changed = new Map([...files].map(([file, text]) => [file, change(text)]));
    if (!(await writeKabupaten(this.directory, name, changed))) throw new Error(`${name} is there`);
    return name;
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
