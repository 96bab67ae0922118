import { type Command, Option } from "commander";

import type { CommonOptions, Output } from "../output.ts";

interface DiagramOptions extends CommonOptions {
  readonly format: "svg" | "dot";
  readonly out?: string;
}

/** `simpul diagram wan`: the plan as a picture. */
export function registerDiagram(program: Command, output: Output): void {
  const diagram = program.command("diagram").description("the plan as a picture");
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
      const prepared = await prepareOrReport(output, "diagram wan", options);
      if (prepared === undefined) return;
      const { wanDiagram } = await import("../../modules/render/wan-diagram.ts");
      const { diagramSvg } = await import("../../modules/render/diagram-svg.ts");
      const dot = wanDiagram(prepared.plan);
      await hand(output, options, options.format === "dot" ? dot : await diagramSvg(dot));
    });
}

/** To the file that was asked for, into the one object, or onto the terminal. */
async function hand(output: Output, options: DiagramOptions, text: string): Promise<void> {
  const { kabupaten, json, out, format } = options;
  const answer = { command: "diagram wan", kabupaten, ok: true, findings: [], format };
  if (out === undefined) {
    if (json === true) output.json({ ...answer, diagram: text });
    else output.line(text.trimEnd());
    return;
  }
  const { writeFile } = await import("node:fs/promises");
  await writeFile(out, text);
  if (json === true) output.json({ ...answer, out });
  else output.line(`${out}: WAN of ${kabupaten} (${format})`);
}
