import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CalendarDate } from "../../modules/core/calendar-date.ts";
import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { loadInventory } from "../../modules/inventory/load.ts";
import { lockAtCommit } from "../../modules/inventory/lock-at-commit.ts";
import { turnLock } from "../../modules/inventory/lock-freed.ts";
import { rewriteLock } from "../../modules/inventory/write-lock.ts";
import type { Inventory } from "../../modules/inventory/model.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { lockEntries } from "../../modules/plan/lock-entries.ts";
import { makePlan } from "../../modules/plan/make-plan.ts";
import { repairLockFile } from "../../scripts/commands/repair-lock-file.ts";
import { TemporaryInventory } from "../inventory/temporary-inventory.ts";

const ATTRIBUTES = join(import.meta.dirname, "../../.gitattributes");

const TODAY = CalendarDate.parse("2026-11-23") as CalendarDate;
const DESA_FILES: Readonly<Record<string, string>> = {
  "33.23.08": "parakan",
  "33.23.09": "ngadirejo",
};

/** The name that a VPS of main gets where a branch renames it. */
export function renamed(vps: string): string {
  return `${vps}-baru`;
}

/** What one branch adds and changes. */
export interface Branch {
  readonly agencies: readonly {
    readonly name: string;
    readonly pop: string;
    readonly length: number;
  }[];
  readonly vps: readonly { readonly name: string; readonly owner: string }[];
  /** Codes of villages that become active. */
  readonly desa?: readonly string[];
  /** An agency of main whose LAN is to have this length. */
  readonly grow?: { readonly agency: string; readonly length: number };
  /** A VPS of main that gets another name, or is archived. */
  readonly change?: { readonly vps: string; readonly how: "rename" | "archive" };
  /** Whether its author ran `simpul ip lock`, which a pull request need not. */
  readonly lock: boolean;
}

/** The small kabupaten in a git repository of its own; gone when the `using` block ends. */
export class Repository {
  readonly #files = new TemporaryInventory();
  readonly folder = { inventory: join(this.#files.directory, "inventory"), kabupaten: "uji" };

  constructor(attributes: boolean) {
    cpSync(this.#files.path(), join(this.folder.inventory, "uji"), { recursive: true });
    if (attributes) cpSync(ATTRIBUTES, join(this.#files.directory, ".gitattributes"));
    this.#git("init", "-q", "-b", "main");
    this.#files.remove(".");
  }

  /** Writes the whole lock on this branch, and commits all. */
  async commit(lock: boolean): Promise<void> {
    if (lock) await this.lock();
    this.#git("add", "-A", ".");
    this.#git("commit", "-q", "--allow-empty", "-m", "x");
  }

  async branch(name: string, { agencies, vps, lock, ...more }: Branch): Promise<void> {
    this.#git("checkout", "-q", "-b", name, "main");
    this.#change(more);
    for (const agency of agencies)
      this.#write(`perangkat-daerah/${agency.name}.yaml`, file(agency));
    for (const each of vps) this.#write(`vps/${each.name}.yaml`, vpsFile(each));
    await this.commit(lock);
    this.#git("checkout", "-q", "main");
  }

  /**
   * A real merge, and what the merge job does after it; gives whether git itself was content. Where a LAN cannot grow
   * because somebody stands beside it since, `refused` is told so and the agency keeps its size, as that finding says.
   */
  async merge(name: string, refused: (what: string) => void = () => {}): Promise<boolean> {
    const content = this.#tryGit("merge", "-q", "--no-ff", "-m", "merge", name);
    const kept = await lockAtCommit(this.folder, content ? "HEAD^1" : "HEAD");
    for (;;) {
      await repairLockFile(this.folder, kept as ReadonlyMap<string, string>);
      const finding = await this.#cannotGrow();
      if (finding?.at === undefined) break;
      refused(finding.what);
      const pinned = /is \S+(\/\d+) and cannot/.exec(finding.what)![1]!;
      this.#edit(finding.at.file, (text) => text.replace(/size: \/\d+/, `size: ${pinned}`));
    }
    await this.commit(true);
    return content;
  }

  /** Every line that the plan has, of an inventory that must be without errors. */
  async lines(): Promise<ReadonlyMap<string, string>> {
    return lockEntries((await this.#planned()).plan);
  }

  async lock(): Promise<void> {
    const { inventory, plan } = await this.#planned();
    const lines = new Map([...inventory.lock.entries].map(([key, { value }]) => [key, value]));
    const { entries } = turnLock(lines, lockEntries(plan), TODAY);
    await rewriteLock(this.folder, entries);
  }

  /** Every line of the lock, those that rest included. */
  async locked(): Promise<ReadonlyMap<string, string>> {
    const { lock } = (await this.#planned()).inventory;
    return new Map([...lock.entries].map(([key, { value }]) => [key, value]));
  }

  reset(commit: string): void {
    this.#git("reset", "-q", "--hard", commit);
  }

  head(): string {
    return this.#git("rev-parse", "HEAD").trim();
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }

  async #planned(): Promise<{ readonly inventory: Inventory; readonly plan: KabupatenPlan }> {
    const { inventory: directory, kabupaten } = this.folder;
    const { inventory, findings } = await loadInventory({ directory, kabupaten });
    if (inventory === undefined) throw new Error(JSON.stringify(findings));
    const made = makePlan(inventory);
    if (made.plan === undefined) throw new Error(JSON.stringify(made.findings));
    return { inventory, plan: made.plan };
  }

  async #cannotGrow(): Promise<Diagnostic | undefined> {
    const { inventory: directory, kabupaten } = this.folder;
    const { inventory } = await loadInventory({ directory, kabupaten });
    return inventory && makePlan(inventory).findings.find(({ id }) => id === "lan-cannot-grow");
  }

  #change({ desa = [], grow, change }: Pick<Branch, "desa" | "grow" | "change">): void {
    for (const code of desa)
      this.#edit(`desa/${DESA_FILES[code.slice(0, "33.23.08".length)]}.yaml`, (text) =>
        text.replace(new RegExp(`(code: "${code}".*)planned`), "$1active"),
      );
    if (grow !== undefined)
      this.#edit(`perangkat-daerah/${grow.agency}.yaml`, (text) =>
        text.replace(/size: \/\d+/, `size: /${grow.length}`),
      );
    if (change?.how === "archive")
      this.#edit(
        `vps/${change.vps}.yaml`,
        (text) => `${text}state: archived\nwithout_backup: uji\n`,
      );
    if (change?.how === "rename") {
      const name = renamed(change.vps);
      this.#git("mv", this.#path(`vps/${change.vps}.yaml`), this.#path(`vps/${name}.yaml`));
      this.#edit(`vps/${name}.yaml`, (text) =>
        text.replace(/^name: .*/, `name: ${name}\nwas: ${change.vps}`),
      );
    }
  }

  #path(name: string): string {
    return join(this.folder.inventory, "uji", name);
  }

  #edit(name: string, edit: (text: string) => string): void {
    const before = readFileSync(this.#path(name), "utf8");
    const after = edit(before);
    if (after === before) throw new Error(`${name} would not change`);
    this.#write(name, after);
  }

  #write(name: string, text: string): void {
    this.#files.write(join("../inventory/uji", name), text);
  }

  #git(...words: readonly string[]): string {
    const identity = ["-c", "user.name=uji", "-c", "user.email=uji@ujikab.go.id"];
    const safe = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false"];
    return execFileSync("git", [...identity, ...safe, ...words], {
      cwd: this.#files.directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  #tryGit(...words: readonly string[]): boolean {
    try {
      this.#git(...words);
      return true;
    } catch {
      return false;
    }
  }
}

function file({ name, pop, length }: Branch["agencies"][number]): string {
  return `name: Dinas ${name}
kind: dinas
contacts:
  tier1:
    - { name: Pengelola TIK, email: tik@${name}.ujikab.go.id }
subdomain: ${name}
router: { at: ${pop}, kind: container }
lan: { size: /${length}, devices: 20 }
bandwidth: 50Mbps
`;
}

function vpsFile({ name, owner }: Branch["vps"][number]): string {
  return `name: ${name}
owner: ${owner}
purpose: Uji
classification: terbuka
cpu: 0.25
memory: 64MiB
disk: 64MiB
image: debian-12
ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOPpdCf1wAlmg7/1Vpv9nTTEPfUqnTqbUjN+sm5OZ5we tik"]
backup: { every: 24h, paths: [/srv] }
expires: 2027-12-31
`;
}
