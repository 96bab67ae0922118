import { type Command, Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

const COMMAND = "diagram wan";

interface DiagramOptions extends CommonOptions {
  readonly format: "svg" | "dot";
  readonly out?: string;
}

/** `simpul diagram wan`: the plan as a picture. */
export function registerDiagram(program: Command, output: Output): void {
  const diagram = program
    .command("diagram")
    .description("the plan as a picture")
    .addHelpText("after", "\nExample:\n  $ simpul diagram wan --out wan.svg");
  diagram
    .command("wan")
    .description("sites, backbone, POPs, and who hangs on them")
    .addOption(
      new Option("--format <format>", "svg, or dot for Graphviz")
        .choices(["svg", "dot"])
        .default("svg"),
    )
    .option("--out <file>", "write it there instead of to the terminal")
    .addHelpText("after", "\nExample:\n  $ simpul diagram wan --out wan.svg")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<DiagramOptions>();
      const { prepareOrReport } = await import("../project.ts");
      const prepared = await prepareOrReport(output, COMMAND, options);
      if (prepared === undefined) return;
      const { wanDiagram } = await import("../../modules/render/wan-diagram.ts");
      const { diagramSvg } = await import("../../modules/render/diagram-svg.ts");
      const dot = wanDiagram(prepared.plan);
      const text = options.format === "dot" ? dot : await diagramSvg(dot);
      await hand(output, options, prepared.findings, text);
    });
}

/** To the file that was asked for, into the one object, or onto the terminal. */
async function hand(
  output: Output,
  options: DiagramOptions,
  findings: readonly Diagnostic[],
  text: string,
): Promise<void> {
  const { kabupaten, json, out, format } = options;
  if (out === undefined) {
    if (json === true) report(output, COMMAND, options, findings, { format, diagram: text });
    else output.line(text.trimEnd());
    return;
  }
  const problem = await written(out, text);
  report(output, COMMAND, options, problem === undefined ? findings : [problem], { format, out });
  if (problem !== undefined) output.exitCode(EXIT.usage);
  else if (json !== true) output.line(`${out}: WAN of ${kabupaten} (${format})`);
}

async function written(out: string, text: string): Promise<Diagnostic | undefined> {
  const { writeFile } = await import("node:fs/promises");
  try {
    await writeFile(out, text);
    return undefined;
  } catch (error) {
    return {
      id: "file-not-written",
      severity: "error",
      what: `${out} could not be written: ${(error as Error).message}`,
      why: "--out names a file in a folder that exists and may be written to",
      fix: "name another file, or make its folder",
    };
  }
}
