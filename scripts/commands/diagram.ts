import { type Command, Option } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Picture } from "../../modules/render/diagram/picture.ts";
import type { Subject } from "../../modules/render/diagram/subject.ts";
import type { Prepared } from "../project.ts";
import { EXIT, type CommonOptions, type Output } from "../output.ts";
import { hand, refuse } from "./diagram-hand.ts";
import { registerRackDiagram } from "./diagram-rack.ts";

interface DiagramOptions extends CommonOptions {
  readonly format: "svg" | "dot";
  readonly out?: string;
  /** Undefined: live where there is something to see. */
  readonly live?: boolean;
}

const LIVE_HELP = `
Where an engine answers and this kabupaten is deployed there, the picture shows how everything is: by colour, by a
sign and in words. --no-live draws the plan alone, the same bytes every time; --live fails where nothing can be seen.`;

/** `simpul diagram wan|lan|dns|rack`: the plan as a picture, coloured by what runs. */
export function registerDiagram(program: Command, output: Output): void {
  const diagram = program
    .command("diagram")
    .description("the plan as a picture, coloured by what runs")
    .addHelpText("after", "\nExample:\n  $ simpul diagram wan --out wan.svg");
  picture(diagram, "wan", "sites, backbone, POPs, and who hangs on them", "wan").action(
    async (_own: object, command: Command) => {
      const { wanDiagram } = await import("../../modules/render/diagram/wan-diagram.ts");
      await draw(output, "diagram wan", command.optsWithGlobals<DiagramOptions>(), wanDiagram);
    },
  );
  picture(
    diagram,
    "lan",
    "one agency's or desa's network, its servers, who may reach what",
    "lan rsud",
  )
    .argument("<name>", "slug of the agency or the desa")
    .action(async (name: string, _own: object, command: Command) => {
      const { lanDiagram } = await import("../../modules/render/diagram/lan-diagram.ts");
      const { findLan } = await import("./find-lan.ts");
      await draw(output, "diagram lan", command.optsWithGlobals<DiagramOptions>(), (subject) => {
        const router = findLan(subject, name);
        return "severity" in router ? router : lanDiagram(subject, router);
      });
    });
  picture(diagram, "dns", "name servers, who asks whom, zones and trust anchors", "dns").action(
    async (_own: object, command: Command) => {
      const { dnsDiagram } = await import("../../modules/render/diagram/dns-diagram.ts");
      await draw(output, "diagram dns", command.optsWithGlobals<DiagramOptions>(), dnsDiagram);
    },
  );
  registerRackDiagram(diagram, output);
}

/** The options that all pictures take. */
function picture(diagram: Command, name: string, description: string, example: string): Command {
  return diagram
    .command(name)
    .description(description)
    .option("--live", "show how everything is on the engine (default where it is deployed)")
    .option("--no-live", "show the plan alone")
    .addOption(
      new Option("--format <format>", "svg, or dot for Graphviz")
        .choices(["svg", "dot"])
        .default("svg"),
    )
    .option("--out <file>", "write it there instead of to the terminal")
    .addHelpText(
      "after",
      `${LIVE_HELP}\n\nExample:\n  $ simpul diagram ${example} --out ${example.replace(" ", "-")}.svg`,
    );
}

/** Draws one picture; `made` gives a finding where what was asked for is not there. */
async function draw(
  output: Output,
  words: string,
  options: DiagramOptions,
  made: (subject: Prepared & Pick<Subject, "live">) => Picture | Diagnostic,
): Promise<void> {
  const { prepareOrReport } = await import("../project.ts");
  const prepared = await prepareOrReport(output, words, options);
  if (prepared === undefined) return;
  const { liveOf } = await import("./diagram-live.ts");
  const planned = made(prepared);
  if (isDiagnostic(planned)) return refuse(output, words, options, planned, EXIT.usage);
  const { live, finding } = await liveOf(prepared, options.live);
  if (finding !== undefined) return refuse(output, words, options, finding, EXIT.environment);
  const drawn = live === undefined ? planned : (made({ ...prepared, live }) as Picture);
  const { diagramSvg } = await import("../../modules/render/diagram/diagram-svg.ts");
  const text = options.format === "dot" ? drawn.dot : await diagramSvg(drawn);
  await hand(output, words, options, prepared.findings, {
    text,
    format: options.format,
    live: live !== undefined,
  });
}

function isDiagnostic(made: Picture | Diagnostic): made is Diagnostic {
  return "severity" in made;
}
