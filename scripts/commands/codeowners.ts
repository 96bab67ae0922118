import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { report, type CommonOptions, type Output } from "../output.ts";

interface CodeownersOptions extends CommonOptions {
  readonly write?: boolean;
}

/** `simpul codeowners`: who approves which path, for GitHub and GitLab. */
export function registerCodeowners(program: Command, output: Output): void {
  program
    .command("codeowners")
    .description("who approves which path, from the maintainers in the inventory")
    .option("--write", "write it to CODEOWNERS at the repository's top, instead of showing it")
    .addHelpText("after", "\nExample:\n  $ simpul codeowners --write && git add CODEOWNERS")
    .action((_own: object, command: Command) =>
      codeowners(output, command.optsWithGlobals<CodeownersOptions>()),
    );
}

async function codeowners(output: Output, options: CodeownersOptions): Promise<void> {
  const { prepareOrReport } = await import("../project.ts");
  const { codeownersFile } = await import("../../modules/report/codeowners-file.ts");
  const { isGeneratedFor } = await import("../../modules/report/codeowners.ts");
  const { writeFile } = await import("node:fs/promises");
  const prepared = await prepareOrReport(output, "codeowners", options);
  if (prepared === undefined) return;
  const { inventory, kabupaten } = options;
  const found = codeownersFile(inventory, prepared.inventory);
  const text = found?.text;
  if (found === undefined || text === undefined)
    return report(output, "codeowners", options, [nobody(kabupaten, found !== undefined)]);
  const { file, committed } = found;
  if (options.write === true) {
    if (committed !== undefined && !isGeneratedFor(committed, kabupaten))
      return report(output, "codeowners", options, [foreign(file, kabupaten)]);
    if (committed !== text) await writeFile(file, text);
  }
  report(output, "codeowners", options, [], { file, text, written: options.write === true });
  if (options.json !== true) output.line(options.write === true ? file : text.trimEnd());
}

function nobody(kabupaten: string, isRepository: boolean): Diagnostic {
  return {
    id: "codeowners-nobody",
    severity: "error",
    what: isRepository
      ? `${kabupaten} names no maintainers of its Dinas`
      : "the inventory stands in no git repository",
    why: "without an account that approves for the Dinas, nobody would answer for what is no agency's own",
    fix: isRepository
      ? 'write maintainers: ["@kominfo/jaringan"] in kabupaten.yaml'
      : "run it in a clone of the repository",
  };
}

function foreign(file: string, kabupaten: string): Diagnostic {
  return {
    id: "codeowners-foreign",
    severity: "error",
    what: `${file} was not generated for ${kabupaten}`,
    why: "what people, or another kabupaten, wrote there would be lost",
    fix: "move it away first, or put the lines of simpul codeowners into it by hand",
  };
}
