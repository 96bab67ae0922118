import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { backupGround, findRepository } from "./backup-ground.ts";
import { wrongArgument } from "./wrong-argument.ts";

/** `simpul backup run NAME`: the agent beside a server takes a backup now, and not when it is due. */
export function registerBackupRun(backup: Command, output: Output): void {
  backup
    .command("run <server>")
    .description("take a backup of a server now")
    .addHelpText("after", "\nExample:\n  $ simpul backup run ppdb-online")
    .action(async (name: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const ground = await backupGround(output, "backup run", options);
      if (ground === undefined) return;
      const repository = findRepository(ground.backup, name);
      const wrong =
        "severity" in repository
          ? repository
          : repository.runner === undefined
            ? wrongArgument(
                `no agent of the Dinas stands beside ${name}`,
                "run simpul-backup on that machine itself",
              )
            : undefined;
      if (wrong !== undefined) {
        report(output, "backup run", options, [wrong]);
        return output.exitCode(EXIT.usage);
      }
      const { localEngine } = await import("../../modules/engine/docker-engine.ts");
      const { engineName } = await import("../../modules/plan/engine-names.ts");
      const container = engineName({ kabupaten: ground.plan.name, role: "backup-runner", name });
      if (options.json !== true) output.line(`${name}: taking a backup`);
      const engine = localEngine(ground.keeper.environment);
      const { code, stderr } = await engine.run(["docker", "exec", container, "simpul-backup"]);
      const findings = code === 0 ? [] : [failed(name, stderr)];
      const said = stderr.trim().split("\n").at(-1) ?? "";
      report(output, "backup run", options, findings, { said });
      if (findings.length === 0 && options.json !== true) output.line(said);
    });
}

function failed(name: string, stderr: string): Diagnostic {
  return {
    id: "backup-run-failed",
    severity: "error",
    what: `the backup of ${name} did not come to its end: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    why: "the agent says why; what was sent until then is not sent again",
    fix: "mend that, then run the same command again; where there is no such container: simpul deploy",
  };
}
