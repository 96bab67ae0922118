import type { Command } from "commander";

import type { Output } from "../output.ts";
import { registerBackupStatus } from "./backup-status.ts";

/** `simpul backup …`: agencies' backups, as the Dinas has them. */
export function registerBackup(program: Command, output: Output): void {
  const backup = program
    .command("backup")
    .description("agencies' backups")
    .addHelpText("after", "\nExample:\n  $ simpul backup status");
  registerBackupStatus(backup, output);
}
