import type { Command } from "commander";

import type { Output } from "../output.ts";
import { registerBackupKeys } from "./backup-keys.ts";
import { registerBackupList } from "./backup-list.ts";
import { registerBackupPackage } from "./backup-package.ts";
import { registerBackupPrune } from "./backup-prune.ts";
import { registerBackupRun } from "./backup-run.ts";
import { registerBackupStatus } from "./backup-status.ts";

/** `simpul backup list|status|run|prune|keys|package`: agencies' backups, as the Dinas has them. */
export function registerBackup(program: Command, output: Output): void {
  const backup = program
    .command("backup")
    .description(
      "agencies' backups: list, see how agents fare, take one now, prune, keep their keys, package the agent",
    )
    .addHelpText("after", "\nExample:\n  $ simpul backup list");
  registerBackupList(backup, output);
  registerBackupStatus(backup, output);
  registerBackupRun(backup, output);
  registerBackupPrune(backup, output);
  registerBackupKeys(backup, output);
  registerBackupPackage(backup, output);
}
