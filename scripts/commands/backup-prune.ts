import path from "node:path";

import { type Command, Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { KeptRepository } from "../../modules/engine/keeper-container.ts";
import type { PruneToken } from "../../modules/engine/prune-token.ts";
import type { ResticSnapshot } from "../../modules/engine/restic-snapshots.ts";
import type { SiteName } from "../../modules/inventory/site-model.ts";
import type { RepositoryPlan } from "../../modules/plan/backup-plan.ts";
import type { Pruning } from "../../modules/verify/backup-pruning.ts";
import { EXIT, report, type Output } from "../output.ts";
import {
  backupGround,
  findRepository,
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
import { wrongArgument } from "./wrong-argument.ts";

interface PruneOptions extends EvidenceOptions {
  readonly site: SiteName;
  readonly confirm?: string;
}

/** `simpul backup prune NAME`: says what would go; said back with its token, takes away exactly that. */
export function registerBackupPrune(backup: Command, output: Output): void {
  backup
    .command("prune <server>")
    .description(
      "take away what the promise (keep) no longer holds, in two steps; first only says what",
    )
    .addOption(new Option("--site <site>", "whose repository").choices(SITES).default("pusat-data"))
    .option("--confirm <token>", "do what was shown with this token, which lives for ten minutes")
    .addOption(evidenceOption())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul backup prune ppdb-online\n  $ simpul backup prune ppdb-online --confirm 4f2a9c1e",
    )
    .action(async (name: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<PruneOptions>();
      const ground = await backupGround(output, "backup prune", options);
      if (ground === undefined) return;
      const repository = findRepository(ground.backup, name);
      const wrong = "severity" in repository ? repository : unprunable(repository, options.site);
      if (wrong !== undefined || "severity" in repository) {
        report(output, "backup prune", options, wrong === undefined ? [] : [wrong]);
        return output.exitCode(EXIT.usage);
      }
      const { holdBackups } = await import("../../modules/engine/backup-lock.ts");
      const release = await holdBackups(ground.local, ground.plan.name);
      if (typeof release !== "function") return report(output, "backup prune", options, [release]);
      try {
        await prune(output, options, ground, repository);
      } finally {
        await release();
      }
    });
}

async function prune(
  output: Output,
  options: PruneOptions,
  ground: BackupGround,
  repository: RepositoryPlan,
): Promise<void> {
  const { readRepository } = await import("../../modules/engine/keeper-container.ts");
  const { readSnapshots } = await import("../../modules/engine/restic-snapshots.ts");
  const { pruningOf } = await import("../../modules/verify/backup-pruning.ts");
  const tokens = await import("../../modules/engine/prune-token.ts");
  const refuse = (finding: Diagnostic): void => report(output, "backup prune", options, [finding]);
  const kept = await keptRepository(ground, repository, options.site);
  if (kept === undefined) return refuse(keyMissing(repository.name, options.site));
  const answer = await readRepository(ground.keeper, kept, ["snapshots", "--json"]);
  const snapshots = answer.code === 0 ? readSnapshots(answer.stdout) : undefined;
  if (snapshots === undefined) return refuse(keeperFailed(kept, answer.stderr));
  const pruning = pruningOf(snapshots, repository.keep, Date.now());
  const file = tokenFile(ground.local, kept);
  const given = await tokens.readToken(file);
  if (options.confirm === undefined) {
    // Who asks again in the middle of it is told to go on, and not to begin with another list.
    const isBegun = given?.begun === true;
    const ids = pruning.going.map(({ id }) => id);
    const token = isBegun ? given : await tokens.giveToken(file, ids, Date.now());
    return show(output, options, { name: repository.name, pruning, token });
  }
  const refused = refusal(given, options.confirm, pruning, snapshots);
  if (refused !== undefined) return refuse(refused);
  await tokens.keepToken(file, { ...given!, begun: true });
  await confirmed(output, options, ground, { kept, pruning, given: given!, snapshots, file });
}

interface Confirmed {
  readonly kept: KeptRepository;
  readonly pruning: Pruning;
  readonly given: PruneToken;
  readonly snapshots: readonly ResticSnapshot[];
  readonly file: string;
}

async function confirmed(
  output: Output,
  options: PruneOptions,
  ground: BackupGround,
  { kept, pruning, given, snapshots, file }: Confirmed,
): Promise<void> {
  const { pruneRepository } = await import("../../modules/engine/keeper-container.ts");
  const { spendToken } = await import("../../modules/engine/prune-token.ts");
  const { obligationsOf } = await import("../../modules/verify/topic-evidence.ts");
  const there = new Set(snapshots.map(({ id }) => id));
  const ids = given.ids.filter((id) => there.has(id));
  if (options.json !== true) output.line(`${kept.name} (${kept.site}): ${ids.length} snapshots go`);
  const done = await pruneRepository(ground.keeper, kept, ids);
  const findings = done.code === 0 ? [] : [keeperFailed(kept, `${done.stdout}\n${done.stderr}`)];
  const evidence = {
    kind: "backup-prune",
    obligations: obligationsOf("verify-backup", ground.inventory.duties),
    subject: `${kept.name} (${kept.site})`,
    measured: { removed: given.ids, left: pruning.staying.length },
    findings,
    versions: await softwareVersions(),
  };
  const recorded = await record(options, [evidence]);
  if (findings.length === 0) await spendToken(file);
  report(output, "backup prune", options, [...findings, ...recorded.findings], {
    ...{ removed: given.ids, left: pruning.staying.length },
  });
  if (findings.length === 0 && options.json !== true)
    output.line(`done; ${pruning.staying.length} snapshots are left`);
}

/** Why this token does not count; nothing where it does. */
function refusal(
  given: PruneToken | undefined,
  said: string,
  { going }: Pick<Pruning, "going">,
  snapshots: readonly ResticSnapshot[],
): Diagnostic | undefined {
  if (given === undefined || given.token !== said)
    return tokenRefused("is not the one that was shown last");
  if (given.begun) return undefined;
  if (Date.now() > given.until) return tokenRefused("is older than ten minutes");
  const now = going.map(({ id }) => id).toSorted();
  const isSame =
    now.length === given.ids.length && now.every((id, index) => id === given.ids[index]);
  const there = new Set(snapshots.map(({ id }) => id));
  if (!isSame || !given.ids.every((id) => there.has(id)))
    return tokenRefused("was given for another list: snapshots came or went since");
  return undefined;
}

function tokenRefused(predicate: string): Diagnostic {
  return {
    id: "prune-token-refused",
    severity: "error",
    what: `the token ${predicate}, and nothing was taken away`,
    why: "only what somebody has looked at goes, and what goes does not come back",
    fix: "run it without --confirm, look at the list, and say the new token",
  };
}

interface Shown {
  readonly name: string;
  readonly pruning: Pruning;
  readonly token: PruneToken;
}

function show(output: Output, options: PruneOptions, { name, pruning, token }: Shown): void {
  const { going, staying } = pruning;
  const which = options.site === "pusat-data" ? name : `${name} --site ${options.site}`;
  const shown = (list: readonly ResticSnapshot[]) =>
    list.map(({ id, time, tags }) => ({ id, time, tags }));
  report(output, "backup prune", options, [], {
    ...{ going: shown(going), left: staying.length, token: token.token, begun: token.begun },
  });
  if (options.json === true) return;
  if (token.begun) output.line("A pruning was begun and did not come to its end. To finish it:");
  else if (going.length === 0) {
    output.line(
      `No snapshot goes (${staying.length} stay). To take away data that none of them needs:`,
    );
  } else {
    for (const { id, time, tags } of going)
      output.line(
        `  ${id.slice(0, 8)}  ${time.slice(0, "2026-11-23T02:00:14".length)}  ${tags.join(" ")}`,
      );
    output.line(
      `${going.length} snapshots go, ${staying.length} stay. To do exactly that, within ten minutes:`,
    );
  }
  output.line(`  simpul backup prune ${which} --confirm ${token.token}`);
}

function tokenFile(local: string, { kabupaten, name, site }: KeptRepository): string {
  return path.join(local, "run", "prune", kabupaten, `${name}-${site}.json`);
}

function unprunable(
  { name, closed, volumes }: RepositoryPlan,
  site: SiteName,
): Diagnostic | undefined {
  if (volumes[site] === undefined)
    return wrongArgument(`there is no repository of ${name} at ${site}`, "choose the other site");
  if (closed)
    return wrongArgument(
      `${name} is archived, and its backups are all that is left of it`,
      "remove its file when they may go",
    );
  return undefined;
}
