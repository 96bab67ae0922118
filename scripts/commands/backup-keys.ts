import path from "node:path";

import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { RepositoryKey } from "../../modules/engine/escrow.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import {
  backupGround,
  keeperFailed,
  keptRepository,
  keyMissing,
  SITES,
  type BackupGround,
} from "./backup-ground.ts";
import {
  evidenceOption,
  record,
  softwareVersions,
  type EvidenceOptions,
} from "./evidence-ledger.ts";

interface VerifyOptions extends EvidenceOptions {
  readonly identity?: string;
}

/** `simpul backup keys verify|escrow`: what opens the backups, and who else holds it. */
export function registerBackupKeys(backup: Command, output: Output): void {
  const keys = backup
    .command("keys")
    .description(
      "the keys of repositories: sealed copies for custodians, and whether all of them open",
    )
    .addHelpText("after", "\nExample:\n  $ simpul backup keys verify");
  keys
    .command("escrow")
    .description(
      "seal all keys for each custodian of kabupaten.yaml, into files that may be committed",
    )
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul backup keys escrow && git add inventory/temanggung/escrow",
    )
    .action((_own: object, command: Command) =>
      escrow(output, command.optsWithGlobals<CommonOptions>()),
    );
  keys
    .command("verify")
    .description(
      "open every repository with its key, at both sites, and compare the custodians' copies",
    )
    .option("--identity <file>", "a custodian's own key: does it open their copy? asks no engine")
    .addOption(evidenceOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul backup keys verify\n  $ simpul backup keys verify --identity /media/stick/age.key",
    )
    .action((_own: object, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>();
      return options.identity === undefined
        ? verify(output, options)
        : prove(output, options, options.identity);
    });
}

async function escrow(output: Output, options: CommonOptions): Promise<void> {
  const ground = await backupGround(output, "backup keys escrow", options);
  if (ground === undefined) return;
  const { custodians } = ground.inventory.kabupaten.backup;
  const { keys, findings } = await keysHere(ground);
  const { writeEscrow } = await import("../../modules/engine/escrow.ts");
  const { escrowFindings } = await import("../../modules/engine/escrow-findings.ts");
  const folder = escrowFolder(options);
  const isComplete = findings.length === 0 && custodians.length > 0;
  const index = isComplete
    ? await writeEscrow(folder, ground.plan.name, keys, custodians)
    : undefined;
  const left = isComplete
    ? await escrowFindings(folder, index, keys, custodians)
    : [...findings, ...(custodians.length === 0 ? [nobody()] : [])];
  const written = index?.copies.map(({ file }) => path.join(folder, file)) ?? [];
  report(output, "backup keys escrow", options, left, { keys: keys.length, written });
  if (options.json !== true && index !== undefined)
    output.line(
      `${keys.length} keys sealed for ${custodians.length} custodians: ${written.join(", ")}`,
    );
}

async function verify(output: Output, options: EvidenceOptions): Promise<void> {
  const ground = await backupGround(output, "backup keys verify", options);
  if (ground === undefined) return;
  const { readRepository } = await import("../../modules/engine/keeper-container.ts");
  const { readEscrow } = await import("../../modules/engine/escrow.ts");
  const { escrowFindings } = await import("../../modules/engine/escrow-findings.ts");
  const { obligationsOf } = await import("../../modules/verify/topic-evidence.ts");
  const { keys, findings: missing } = await keysHere(ground);
  const findings: Diagnostic[] = [...missing];
  let opened = 0;
  for (const repository of ground.backup.repositories)
    for (const site of SITES) {
      const kept = await keptRepository(ground, repository, site);
      if (kept === undefined) continue;
      const answer = await readRepository(ground.keeper, kept, ["cat", "config"]);
      if (answer.code === 0) opened += 1;
      else findings.push(keeperFailed(kept, answer.stderr));
    }
  const folder = escrowFolder(options);
  const { custodians } = ground.inventory.kabupaten.backup;
  findings.push(...(await escrowFindings(folder, await readEscrow(folder), keys, custodians)));
  const measured = { keys: keys.length, opened, custodians: custodians.length };
  const recorded = await record(options, [
    {
      kind: "verify-backup-keys",
      obligations: obligationsOf("verify-backup", ground.inventory.duties),
      ...{ measured, findings, versions: await softwareVersions() },
    },
  ]);
  report(output, "backup keys verify", options, [...findings, ...recorded.findings], { measured });
  if (options.json !== true)
    output.line(
      `${opened} of ${keys.length} keys open their repository; ${custodians.length} custodians`,
    );
}

/** At the custodian's own machine, which has neither engine nor keys. */
async function prove(output: Output, options: EvidenceOptions, identity: string): Promise<void> {
  const { prepareOrReport } = await import("../project.ts");
  const { readEscrow } = await import("../../modules/engine/escrow.ts");
  const { proveCopy } = await import("../../modules/engine/escrow-findings.ts");
  const prepared = await prepareOrReport(output, "backup keys verify", options);
  if (prepared === undefined) return;
  const { access } = await import("node:fs/promises");
  await access(identity);
  const folder = escrowFolder(options);
  const index = await readEscrow(folder);
  if (index === undefined) {
    report(output, "backup keys verify", options, [noEscrow(folder)]);
    return output.exitCode(EXIT.usage);
  }
  const { custodian, findings } = await proveCopy(folder, index, identity);
  report(output, "backup keys verify", options, findings, { custodian, keys: index.keys.length });
  if (options.json !== true && custodian !== undefined)
    output.line(
      `the copy of ${custodian} opens; it holds ${index.keys.length - findings.length} of ${index.keys.length} keys`,
    );
}

/** Of all repositories at both sites, sorted as the plan has them. */
async function keysHere(
  ground: BackupGround,
): Promise<{ readonly keys: readonly RepositoryKey[]; readonly findings: readonly Diagnostic[] }> {
  const keys: RepositoryKey[] = [];
  const findings: Diagnostic[] = [];
  for (const repository of ground.backup.repositories)
    for (const site of SITES.filter((each) => repository.volumes[each] !== undefined)) {
      const kept = await keptRepository(ground, repository, site);
      if (kept === undefined) findings.push(keyMissing(repository.name, site));
      else keys.push({ repository: kept.name, site, password: kept.password });
    }
  return { keys, findings };
}

function escrowFolder({ inventory, kabupaten }: CommonOptions): string {
  return path.join(path.resolve(inventory), kabupaten, "escrow");
}

function nobody(): Diagnostic {
  return {
    id: "custodians-missing",
    severity: "error",
    what: "kabupaten.yaml names nobody to seal the keys for",
    why: "when this machine is lost, what custodians hold is all that opens the backups",
    fix: "add backup: { custodians: [{ name: ..., contact: ..., age: age1... }] }, at least two; each makes a key with age-keygen",
  };
}

function noEscrow(folder: string): Diagnostic {
  return {
    id: "escrow-missing",
    severity: "error",
    what: `there are no sealed copies in ${folder}`,
    why: "they are made where the keys are",
    fix: "run simpul backup keys escrow there, and commit what it wrote",
  };
}
