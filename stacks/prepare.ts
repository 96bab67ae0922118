import path from "node:path";
import { fileURLToPath } from "node:url";

import type { CalendarDate } from "../modules/core/calendar-date.ts";
import { hasErrors, type Diagnostic } from "../modules/core/diagnostic.ts";
import { loadInventory, type UnwrittenFile } from "../modules/inventory/load.ts";
import type { Inventory } from "../modules/inventory/model.ts";
import type { KabupatenPlan } from "../modules/plan/kabupaten-plan.ts";
import { makePlan } from "../modules/plan/make-plan.ts";
import { lifeFindings } from "../modules/plan/vps-life-findings.ts";

/** Which kabupaten, and where its files are. */
export interface Which {
  readonly kabupaten: string;
  /** Folder that holds one folder per kabupaten. */
  readonly inventory: string;
  /** The day to go by: without one, nothing is said about servers whose time ends. */
  readonly today?: CalendarDate;
  /** A file that is not on the disk yet, checked as if it were. */
  readonly unwritten?: UnwrittenFile;
}

/** Root of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
/** Everything local to this machine: state, secrets, images, logs. */
export const LOCAL = path.join(ROOT, ".simpul");

/** The folder of what is written down of the proofs of a kabupaten's backups. */
export const proofsFolder = (kabupaten: string): string =>
  path.join(LOCAL, "backup", kabupaten, "proofs");

/** Inventory and plan of one kabupaten; either is absent when a finding says why. */
export async function prepare({
  kabupaten,
  inventory: directory,
  today,
  unwritten,
}: Which): Promise<{
  readonly inventory?: Inventory;
  readonly plan?: KabupatenPlan;
  readonly findings: readonly Diagnostic[];
  /** The folder itself cannot be read: wrong usage rather than a wrong inventory. */
  readonly unreadable?: boolean;
}> {
  const loaded = await loadInventory({
    directory,
    kabupaten,
    ...(unwritten !== undefined && { unwritten }),
  });
  if (loaded.inventory === undefined) return loaded;
  const { plan, findings } = makePlan(loaded.inventory);
  const life = today === undefined ? [] : lifeFindings(loaded.inventory, today);
  return {
    inventory: loaded.inventory,
    ...(plan !== undefined && !hasErrors(life) && { plan }),
    findings: [...loaded.findings, ...life, ...findings],
  };
}
