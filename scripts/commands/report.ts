import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { LastDrill } from "../../modules/report/last-drill.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { dayOf, todayOption } from "./today.ts";

interface DrpOptions extends CommonOptions {
  readonly out?: string;
  readonly drill?: string;
}

/** `simpul report …`: official documents. */
export function registerReport(program: Command, output: Output): void {
  const group = program.command("report").description("official documents in Bahasa Indonesia");
  group
    .command("drp")
    .description("the Disaster Recovery Plan, from the inventory and the last drill, in Markdown")
    .option("--out <file>", "write it to a file instead of showing it")
    .option("--drill <file>", "what simpul drill drc --json printed")
    .addOption(todayOption())
    .addHelpText("after", "\nExample:\n  $ simpul report drp --out rencana-pemulihan-bencana.md")
    .action((_own: object, command: Command) =>
      recovery(output, command.optsWithGlobals<DrpOptions>()),
    );
}

async function recovery(output: Output, options: DrpOptions): Promise<void> {
  const { prepareOrReport } = await import("../project.ts");
  const { recoveryPlan } = await import("../../modules/report/recovery-plan.ts");
  const prepared = await prepareOrReport(output, "report drp", options);
  if (prepared === undefined) return;
  const { inventory, plan } = prepared;
  if (plan.drc === undefined) return report(output, "report drp", options, [noSite()]);
  const drill = await lastDrill(options.drill);
  if (drill !== undefined && "severity" in drill) {
    report(output, "report drp", options, [drill]);
    return output.exitCode(EXIT.usage);
  }
  const text = `${recoveryPlan(inventory, plan, plan.drc, dayOf(options), drill)}\n`;
  const failed = options.out === undefined ? undefined : await write(options.out, text);
  report(output, "report drp", options, failed === undefined ? [] : [failed], {
    ...(options.out === undefined ? { text } : { file: options.out }),
  });
  if (failed !== undefined) output.exitCode(EXIT.usage);
  else if (options.json !== true) output.line(options.out ?? text.trimEnd());
}

async function write(out: string, text: string): Promise<Diagnostic | undefined> {
  const { writeFile } = await import("node:fs/promises");
  const { fileNotWritten } = await import("./file-not-written.ts");
  return writeFile(out, text).then(
    () => undefined,
    (error: unknown) => fileNotWritten(out, error),
  );
}

async function lastDrill(file: string | undefined): Promise<LastDrill | Diagnostic | undefined> {
  if (file === undefined) return undefined;
  const { readFile } = await import("node:fs/promises");
  const { parseDrill } = await import("../../modules/report/last-drill.ts");
  const { Fault } = await import("../../modules/core/fault.ts");
  const text = await readFile(file, "utf8").catch(() => undefined);
  const read = parseDrill(text ?? "");
  return read instanceof Fault ? notRead(file, read.what, read.fix) : read;
}

function notRead(file: string, what: string, fix: string): Diagnostic {
  return {
    id: "drill-unreadable",
    severity: "error",
    what: `${file}: ${what}`,
    why: "figures of a drill go into an official document: none is guessed",
    fix,
  };
}

function noSite(): Diagnostic {
  return {
    id: "drc-missing",
    severity: "error",
    what: "the DRC is no site of the network: no core router stands there",
    why: "a Disaster Recovery Plan says what is done with what is built",
    fix: "add a core router with site: drc to wan/topology.yaml",
  };
}
