import path from "node:path";

import { type Command, Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { ConfigFile } from "../../modules/render/config-file.ts";
import type { SchedulePlan } from "../../modules/plan/schedule-plan.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { fileNotWritten } from "./file-not-written.ts";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const KINDS = ["systemd", "cron", "workflow"] as const;

interface ScheduleOptions extends CommonOptions {
  readonly for: (typeof KINDS)[number];
  readonly out?: string;
  readonly replace?: boolean;
}

/** `simpul schedule`: what a machine does each night, for systemd, cron or a repository's own service. */
export function registerSchedule(program: Command, output: Output): void {
  program
    .command("schedule")
    .description("timers for what is done each night and at a start: systemd, cron or a workflow")
    .addOption(new Option("--for <kind>", "whose files").choices(KINDS).default("systemd"))
    .option("--out <dir>", "write them into this folder instead of to the terminal")
    .option("--replace", "also over files there that say something else")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul schedule --out /etc/systemd/system && systemctl daemon-reload && systemctl enable --now simpul-temanggung-verify-all.timer\n  $ simpul schedule --for workflow --out .github/workflows",
    )
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<ScheduleOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, "schedule", options);
      if (prepared === undefined) return;
      const { planSchedule } = await import("../../modules/plan/schedule-plan.ts");
      const schedule = planSchedule(prepared.inventory.kabupaten);
      const files = await filesFor(schedule, options);
      const findings = nobodyHears(schedule, options);
      if (options.out === undefined) return show(output, options, files, findings);
      const written = await write(path.resolve(options.out), files, options.replace === true);
      const failed = written.findings.length > 0;
      report(output, "schedule", options, [...findings, ...written.findings], {
        written: written.files,
      });
      if (failed) output.exitCode(EXIT.usage);
      else if (options.json !== true) output.line(`written: ${written.files.join(", ")}`);
    });
}

async function filesFor(
  schedule: SchedulePlan,
  options: ScheduleOptions,
): Promise<readonly ConfigFile[]> {
  const machine = { checkout: CHECKOUT, inventory: path.resolve(options.inventory) };
  if (options.for === "cron") {
    const { crontabFiles } = await import("../../modules/render/crontab.ts");
    return crontabFiles(schedule, machine);
  }
  if (options.for === "workflow") {
    const { nightlyWorkflows } = await import("../../modules/render/nightly-workflow.ts");
    return nightlyWorkflows(schedule);
  }
  const { systemdUnits } = await import("../../modules/render/systemd.ts");
  return systemdUnits(schedule, machine);
}

function show(
  output: Output,
  options: ScheduleOptions,
  files: readonly ConfigFile[],
  findings: readonly Diagnostic[],
): void {
  report(output, "schedule", options, findings, { files });
  if (options.json === true) return;
  for (const file of files) output.line(`# ==== ${file.path} ====\n${file.text}`);
}

/** All of them or, where one would be written over, none. */
async function write(
  folder: string,
  files: readonly ConfigFile[],
  replace: boolean,
): Promise<{ readonly files: readonly string[]; readonly findings: readonly Diagnostic[] }> {
  const { chmod, mkdir, readFile } = await import("node:fs/promises");
  const { writeWhole } = await import("../../modules/engine/whole-file.ts");
  try {
    await mkdir(folder, { recursive: true });
    const there = await Promise.all(
      files.map((file) => readFile(path.join(folder, file.path), "utf8").catch(absent)),
    );
    const others = files.filter(({ text }, index) => (there[index] ?? text) !== text);
    if (others.length > 0 && !replace)
      return { files: [], findings: others.map((file) => wouldReplace(folder, file)) };
    for (const file of files) {
      const at = path.join(folder, file.path);
      await writeWhole(at, file.text);
      await chmod(at, file.text.startsWith("#!") ? 0o755 : 0o644);
    }
    return { files: files.map((file) => path.join(folder, file.path)), findings: [] };
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    return { files: [], findings: [fileNotWritten(folder, error)] };
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function wouldReplace(folder: string, file: ConfigFile): Diagnostic {
  return {
    id: "file-differs",
    severity: "error",
    what: `${path.join(folder, file.path)} is there and says something else`,
    why: "somebody may have changed it, and nothing of this was written",
    fix: "look at it (diff with simpul schedule), then write over it with --replace, or choose another folder",
  };
}

function nobodyHears({ alerts }: SchedulePlan, options: ScheduleOptions): readonly Diagnostic[] {
  if (options.for === "workflow" || alerts.webhook !== undefined || alerts.command !== undefined)
    return [];
  return [
    {
      id: "alerts-missing",
      severity: "warning",
      what: "nobody is told when a nightly run fails",
      why: "kabupaten.yaml names no alerts, and a proof that fails unseen is no proof",
      fix: "add alerts: { webhook: https://... } or alerts: { command: [/usr/local/bin/alarm] }",
    },
  ];
}
