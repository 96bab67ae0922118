import path from "node:path";

import { InvalidArgumentError, type Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { ProofOutcome } from "../../modules/verify/backup-proof.ts";
import type { BackupVerification } from "../../modules/verify/topic.ts";
import type { CommonOptions } from "../output.ts";
import type { Prepared } from "../project.ts";

export interface BackupOptions extends CommonOptions {
  readonly full?: boolean;
  readonly again?: boolean;
  readonly workers?: number;
  readonly metrics?: string;
}

/** Of all workers together; two at once are what two processors carry. */
export const PROOF_MEMORY_BYTES = 1.5 * 2 ** 30;
export const PROOF_WORKERS = 2;

export function addBackupOptions(command: Command, name: string): Command {
  if (name !== "backup" && name !== "all") return command;
  return command
    .option("--full", "read the data of all packs, and not only the part that is due")
    .option("--again", "prove what was proven today once more")
    .option("--workers <n>", "repositories at the same time, within 1.5 GiB together", workers)
    .option(
      "--metrics <file>",
      "write what came of each repository for Prometheus' textfile collector",
    );
}

function workers(text: string): number {
  if (!/^[1-8]$/.test(text)) throw new InvalidArgumentError("a number from 1 to 8 is needed.");
  return Number(text);
}

/** What a proof of backups needs, and what came of it once it is done. */
export interface BackupAtHand {
  readonly backup: BackupVerification;
  readonly outcomes: readonly ProofOutcome[];
}

/** Puts together what the proof needs on this machine; a Diagnostic where it cannot begin, nothing where nothing is backed up. */
export async function backupAtHand(
  options: BackupOptions,
  { plan, inventory }: Prepared,
  interrupt: AbortSignal,
): Promise<BackupAtHand | Diagnostic | undefined> {
  if (plan.backup === undefined) return undefined;
  const { readRoleImages } = await import("../../modules/engine/images.ts");
  const { Fault } = await import("../../modules/core/fault.ts");
  const { LOCAL, proofsFolder, ROOT } = await import("../../stacks/prepare.ts");
  const { repositoryPassword } = await import("../../stacks/backup-passwords.ts");
  const images = readRoleImages(ROOT);
  if (images instanceof Fault)
    return {
      id: "images-missing",
      severity: "error",
      what: images.what,
      why: "backups are restored in a container of their own image",
      fix: images.fix,
    };
  const folder = path.join(LOCAL, "backup", options.kabupaten);
  const secrets = path.join(LOCAL, "secrets", options.kabupaten);
  const outcomes: ProofOutcome[] = [];
  const titles = new Map(inventory.perangkatDaerah.map(({ name, title }) => [name, title]));
  const backup: BackupVerification = {
    image: images["backup-proof"].id,
    lock: path.join(folder, "lock"),
    settings: {
      full: options.full === true,
      again: options.again === true,
      workers: options.workers ?? PROOF_WORKERS,
      memoryBytes: PROOF_MEMORY_BYTES,
      records: proofsFolder(options.kabupaten),
      interrupt,
    },
    passwordOf: (repository, site) => repositoryPassword(secrets, repository, site),
    duties: inventory.duties,
    agencyOf: (slug) => titles.get(slug) ?? slug,
    done: async (proofs) => {
      outcomes.push(...proofs);
      if (options.metrics !== undefined) await writeMetrics(options.metrics, options, proofs);
    },
  };
  return { backup, outcomes };
}

/** Whole or not at all, and readable for the collector. */
async function writeMetrics(
  file: string,
  { kabupaten }: CommonOptions,
  outcomes: readonly ProofOutcome[],
): Promise<void> {
  const { writeWhole } = await import("../../modules/engine/whole-file.ts");
  const { metricsText } = await import("../../modules/verify/backup-metrics.ts");
  const { chmod } = await import("node:fs/promises");
  await writeWhole(file, metricsText(kabupaten, outcomes));
  await chmod(file, 0o644);
}
