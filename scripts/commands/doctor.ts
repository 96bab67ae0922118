import { join } from "node:path";

import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { MachineCheck } from "../../modules/engine/doctor.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

const CHECKOUT = join(import.meta.dirname, "../..");

export function registerDoctor(program: Command, output: Output): void {
  program
    .command("doctor")
    .description("say what this machine is missing and how to mend it; changes nothing")
    .addHelpText("after", "\nExample:\n  $ simpul doctor")
    .action(async (options: CommonOptions) => {
      const { examineMachine } = await import("../../modules/engine/doctor.ts");
      const checks = await examineMachine({
        checkout: CHECKOUT,
        environment: process.env,
        userId: process.getuid?.() ?? -1,
      });
      const ok = checks.every((check) => check.ok);
      if (options.json === true)
        report(output, "doctor", options, checks.filter((check) => !check.ok).map(missing), {
          checks,
        });
      else for (const line of checkLines(checks)) output.line(line);
      output.exitCode(ok ? EXIT.fine : EXIT.environment);
    });
}

function checkLines(checks: readonly MachineCheck[]): readonly string[] {
  const missing = checks.filter(({ ok }) => !ok).length;
  return [
    ...checks.map(checkText),
    missing === 0 ? "this machine can run simpul" : `${missing} of ${checks.length} missing`,
  ];
}

function missing({ name, what, why, fix, setupStep }: MachineCheck): Diagnostic {
  return {
    id: "machine-incomplete",
    severity: "error",
    what: `${name}: ${what}`,
    why,
    fix: `${fix} (step ${setupStep})`,
  };
}

function checkText({ name, ok, what, why, fix, setupStep }: MachineCheck): string {
  const first = `${ok ? "ok     " : "missing"}  ${name.padEnd(12)}  ${what}`;
  return ok ? first : `${first}\n  why: ${why}\n  fix: ${fix} (step ${setupStep})`;
}
