import { InvalidArgumentError, type Command } from "commander";

import { report, type Output } from "../output.ts";
import type { RestoreOptions } from "./restore-at-hand.ts";

/** `simpul restore VPS`: brings files or databases back from a backup; in place only after a yes. */
export function registerRestore(program: Command, output: Output): void {
  program
    .command("restore <vps>")
    .description(
      "bring a server's files or databases back from its backup; a dry run until it is confirmed",
    )
    .option(
      "--at <time>",
      'the newest backup until then: "2026-11-23 02:00", a day, or a snapshot\'s id',
    )
    .option("--path <path>", "only this file or folder, such as /srv/www")
    .option(
      "--to <target>",
      "into another VPS of the same agency, or into an empty folder: ./restored",
    )
    .option(
      "--database <name>",
      "a database instead of files, or all; the present one stays beside it",
    )
    .option("--from <site>", "pusat-data, or drc where the Pusat Data is lost", site, "pusat-data")
    .option("--yes", "restore without asking")
    .addHelpText(
      "after",
      `
What is there is backed up first. Files are restored beside it on the same disk and compared with
the manifest; then the server stands still for the moment in which both change places. Files of a
database server are left alone: their databases come back by --database. Interrupted, the same
command finishes.

Examples:
  $ simpul restore ppdb-online --at 2026-11-23 --path /srv/www
  $ simpul restore ppdb-online --database ppdb --yes
  $ simpul restore ppdb-online --to ./restored --from drc`,
    )
    .action(async (vps: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<RestoreOptions>();
      const { restore } = await import("./restore-run.ts");
      const work =
        options.database === undefined
          ? (await import("./restore-paths.ts")).restorePaths
          : (await import("./restore-databases.ts")).restoreDatabases;
      const end = await restore(output, vps, options, work);
      if (end === undefined) return;
      const { findings, restored, exitCode } = end;
      report(output, "restore", options, findings, restored === undefined ? {} : { restored });
      if (exitCode !== undefined) output.exitCode(exitCode);
    });
}

function site(text: string): "pusat-data" | "drc" {
  if (text === "pusat-data" || text === "drc") return text;
  throw new InvalidArgumentError("pusat-data or drc is needed.");
}
