import type { Command } from "commander";

import { todayOption } from "./today.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

interface PrOptions extends CommonOptions {
  readonly base: string;
  readonly head: string;
}

const EXAMPLE = `
Both sides are read from git: neither the checkout nor any engine is touched, and no code of the change is run.

Example:
  $ simpul pr --base origin/main
  $ simpul pr --base main --head refs/remotes/origin/minta-ppdb --json`;

/** `simpul pr`: what a pull request asks for and would change, as Markdown; the exit code says whether it may be merged. */
export function registerPr(program: Command, output: Output): void {
  program
    .command("pr")
    .description(
      "what a pull request asks for and would change, for its comment; 0 when it may be merged",
    )
    .requiredOption("--base <commit>", "the branch that it is to be merged into")
    .option("--head <commit>", "the change", "HEAD")
    .addOption(todayOption())
    .addHelpText("after", EXAMPLE)
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<PrOptions>();
      const { readPullRequest } = await import("./pr-sides.ts");
      const { pullRequestText } = await import("../../modules/report/pull-request-text.ts");
      const request = await readPullRequest(options);
      if ("severity" in request) {
        report(output, "pr", options, [request]);
        output.exitCode(EXIT.usage);
        return;
      }
      const { findings, titles: _titles, ...more } = request;
      if (options.json === true)
        report(output, "pr", options, findings, { ...more, markdown: pullRequestText(request) });
      else output.line(pullRequestText(request).trimEnd());
      if (!request.ok) output.exitCode(EXIT.findings);
    });
}
