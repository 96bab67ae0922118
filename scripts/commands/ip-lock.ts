import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { today } from "./today.ts";
import { wrongArgument } from "./wrong-argument.ts";

interface LockOptions extends CommonOptions {
  readonly repair?: string;
  readonly today: string;
}

/** `simpul ip lock`: pins what is allocated. */
export function registerIpLock(ip: Command, output: Output): void {
  ip.command("lock")
    .description("write what is allocated now into ip-plan.lock.yaml, so that it never moves")
    .option("--repair <commit>", "after a merge: lines of this commit stay, others give way")
    .option("--today <date>", "the day that freed lines are marked with", today())
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul ip lock && git add inventory\n  $ simpul ip lock --repair HEAD^1",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<LockOptions>();
      const repaired = await repair(options);
      if ("gaveWay" in repaired) return lock(output, options, repaired.gaveWay);
      report(output, "ip lock", options, [repaired]);
      output.exitCode(EXIT.usage);
    });
}

/** Settles a merged lock in the file, if so asked; gives what gave way, or why the commit cannot be read. */
async function repair(
  options: LockOptions,
): Promise<{ readonly gaveWay: readonly string[] } | Diagnostic> {
  const { repair: commit, inventory: directory, kabupaten } = options;
  if (commit === undefined) return { gaveWay: [] };
  const { Fault } = await import("../../modules/core/fault.ts");
  const { loadInventory } = await import("../../modules/inventory/load.ts");
  const { lockAtCommit } = await import("../../modules/inventory/lock-at-commit.ts");
  const { repairLockFile } = await import("./repair-lock-file.ts");
  // Without a folder of this name there is nothing to repair: what follows says so.
  const { unreadable } = await loadInventory({ directory, kabupaten });
  if (unreadable) return { gaveWay: [] };
  const kept = await lockAtCommit(options, commit);
  if (kept instanceof Fault) return wrongArgument(kept.what, kept.fix);
  return { gaveWay: await repairLockFile(options, kept) };
}

async function lock(
  output: Output,
  options: LockOptions,
  gaveWay: readonly string[],
): Promise<void> {
  const { CalendarDate } = await import("../../modules/core/calendar-date.ts");
  const { prepareOrReport } = await import("../project.ts");
  const { turnLock } = await import("../../modules/inventory/lock-freed.ts");
  const { rewriteLock } = await import("../../modules/inventory/write-lock.ts");
  const { lockEntries, newLockEntries } = await import("../../modules/plan/lock-entries.ts");
  const day = CalendarDate.parse(options.today);
  if (!(day instanceof CalendarDate)) {
    report(output, "ip lock", options, [wrongArgument(day.what, day.fix)]);
    output.exitCode(EXIT.usage);
    return;
  }
  const prepared = await prepareOrReport(output, "ip lock", options);
  if (prepared === undefined) return;
  const { plan, inventory } = prepared;
  const added = newLockEntries(plan, inventory.lock);
  const lines = new Map([...inventory.lock.entries].map(([key, { value }]) => [key, value]));
  const { entries, freed, released } = turnLock(lines, lockEntries(plan), day);
  await rewriteLock(options, entries);
  const findings = prepared.findings.filter(({ id }) => id !== "not-in-lock");
  const changes = { added: Object.fromEntries(added), freed, released, gaveWay };
  report(output, "ip lock", options, findings, changes);
  if (options.json === true) return;
  for (const key of gaveWay) output.line(`${key} gave way to what was there before`);
  for (const key of freed) output.line(`${key} is gone: its addresses rest`);
  for (const key of released) output.line(`${key} has rested: its addresses are free`);
  output.line(`${added.size} lines added to the lock`);
}
