import type { Command } from "commander";

import type { CommonOptions, Output } from "../output.ts";

interface RackOptions extends CommonOptions {
  readonly out?: string;
}

/** `simpul diagram rack NAME`: a rack of the Pusat Data as one stands before it and behind it. */
export function registerRackDiagram(diagram: Command, output: Output): void {
  diagram
    .command("rack")
    .description("a rack from front and back: devices, owners, watts per feed, free units")
    .argument("<name>", "name of its file in colocation/")
    .option("--out <file>", "write it there instead of to the terminal")
    .addHelpText("after", "\nExample:\n  $ simpul diagram rack rak-a --out rak-a.svg")
    .action(async (name: string, _own: object, command: Command) =>
      drawRack(output, name, command.optsWithGlobals<RackOptions>()),
    );
}

const WORDS = "diagram rack";

async function drawRack(output: Output, name: string, options: RackOptions): Promise<void> {
  const { EXIT } = await import("../output.ts");
  const { prepareOrReport } = await import("../project.ts");
  const { hand, refuse } = await import("./diagram-hand.ts");
  const prepared = await prepareOrReport(output, WORDS, options);
  if (prepared === undefined) return;
  const { racks, kabupaten } = prepared.inventory;
  const rack = racks.find((each) => each.name === name);
  if (rack === undefined) {
    const { wrongArgument } = await import("./wrong-argument.ts");
    const { nearest } = await import("../../modules/inventory/suggestion.ts");
    const names = racks.map((each) => each.name);
    const meant = nearest(name, names) ?? (names.length === 1 ? names[0] : undefined);
    const finding = wrongArgument(
      `there is no rack "${name}" in ${kabupaten.title}`,
      meant === undefined ? "name a file in colocation/, without .yaml" : `write ${meant}`,
    );
    return refuse(output, WORDS, options, finding, EXIT.usage);
  }
  const { rackDiagram } = await import("../../modules/render/diagram/rack-diagram.ts");
  const { title, dinas } = kabupaten;
  const text = rackDiagram({ rack, kabupaten: title, dinas });
  await hand(output, WORDS, options, prepared.findings, { text, format: "svg", live: false });
}
