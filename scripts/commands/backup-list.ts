import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { SiteName } from "../../modules/inventory/site-model.ts";
import { report, type CommonOptions, type Output } from "../output.ts";
import { backupGround, keeperFailed, keptRepository, keyMissing, SITES } from "./backup-ground.ts";

interface Listed {
  readonly name: string;
  readonly owner: string;
  readonly site: SiteName;
  readonly backups: number;
  /** RFC 3339. */
  readonly oldest?: string;
  readonly newest?: string;
  readonly everySeconds: number;
}

/** `simpul backup list`: each repository at each site, and how old its newest backup is. */
export function registerBackupList(backup: Command, output: Output): void {
  backup
    .command("list")
    .description("each repository at each site: how many backups, and of when the newest is")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul backup list\n  $ simpul backup list --json | jq '.backups[] | select(.newest == null)'",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const ground = await backupGround(output, "backup list", options);
      if (ground === undefined) return;
      const { readRepository } = await import("../../modules/engine/keeper-container.ts");
      const { backupsOf, readSnapshots } = await import("../../modules/engine/restic-snapshots.ts");
      const findings: Diagnostic[] = [];
      const listed: Listed[] = [];
      for (const repository of ground.backup.repositories)
        for (const site of SITES.filter((each) => repository.volumes[each] !== undefined)) {
          const { name, owner, schedule } = repository;
          const kept = await keptRepository(ground, repository, site);
          if (kept === undefined) {
            findings.push(keyMissing(name, site));
            continue;
          }
          const answer = await readRepository(ground.keeper, kept, ["snapshots", "--json"]);
          const snapshots = answer.code === 0 ? readSnapshots(answer.stdout) : undefined;
          if (snapshots === undefined) {
            findings.push(keeperFailed(kept, answer.stderr));
            continue;
          }
          const times = backupsOf(snapshots).map(({ time }) => time);
          listed.push({
            ...{ name, owner, site, backups: times.length, everySeconds: schedule.everySeconds },
            ...(times.length > 0 && { oldest: times[0]!, newest: times.at(-1)! }),
          });
        }
      report(output, "backup list", options, findings, { backups: listed });
      if (options.json !== true && listed.length > 0) output.line(await table(listed));
    });
}

async function table(listed: readonly Listed[]): Promise<string> {
  const { columns } = await import("../../modules/plan/text-columns.ts");
  const rows = listed.map(({ name, owner, site, backups, oldest, newest }) => [
    ...[name, owner, site, `${backups}`, moment(oldest), moment(newest)],
  ]);
  return columns([["SERVER", "OWNER", "SITE", "BACKUPS", "OLDEST", "NEWEST"], ...rows]);
}

function moment(time: string | undefined): string {
  return time === undefined ? "none" : time.slice(0, "2026-11-23T02:00".length).replace("T", " ");
}
