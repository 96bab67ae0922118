import { InvalidArgumentError, type Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { vpsAtHand } from "./vps-command.ts";

interface LogOptions extends CommonOptions {
  readonly lines: number;
  readonly follow?: boolean;
}

/** `simpul vps log NAME`: its console. */
export function registerVpsLog(vps: Command, output: Output): void {
  vps
    .command("log <name>")
    .description("its console: what its services said since it was made")
    .option("--lines <number>", "how many of the last lines", wholeNumber, 50)
    .option("--follow", "and those to come, until Ctrl-C")
    .addHelpText("after", "\nExample:\n  $ simpul vps log ppdb-online --lines 200")
    .action(async (name: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<LogOptions>();
      if (options.follow === true && options.json === true) return cannotFollow(output, options);
      const atHand = await vpsAtHand(output, "vps log", options, name);
      if (atHand === undefined) return;
      const { followConsole, readConsole } = await import("../../modules/engine/console-log.ts");
      const { engine, container } = atHand;
      const lines = await readConsole(engine, container, options.lines);
      report(output, "vps log", options, [], { lines });
      if (options.json === true) return;
      for (const line of lines) output.line(line);
      if (options.follow !== true) return;
      const { interruptible } = await import("./stack-command.ts");
      await interruptible(output, true, (interrupt) =>
        followConsole(container, process.env, { line: (text) => output.line(text), interrupt }),
      );
    });
}

async function cannotFollow(output: Output, options: LogOptions): Promise<void> {
  const { wrongArgument } = await import("./wrong-argument.ts");
  report(output, "vps log", options, [
    wrongArgument("--follow and --json exclude each other", "leave one of them out"),
  ]);
  output.exitCode(EXIT.usage);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError("a whole number above 0 is needed.");
  return Number(text);
}
