import path from "node:path";

import type { Command } from "commander";

import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** `simpul authority`: whom the kabupaten's devices must trust; the certificate is for everybody, its key stays here. */
export function registerAuthority(program: Command, output: Output): void {
  program
    .command("authority")
    .description("print the certificate of the kabupaten's own authority, for browsers and servers")
    .addHelpText("after", "\nExample:\n  $ simpul authority > temanggung-ca.crt")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { authorityCertificate } = await import("../../stacks/edge-secrets.ts");
      const secrets = path.join(CHECKOUT, ".simpul", "secrets", options.kabupaten);
      const certificate = authorityCertificate(secrets);
      if (certificate === undefined) {
        report(output, "authority", options, [missing(options.kabupaten)]);
        return output.exitCode(EXIT.environment);
      }
      report(output, "authority", options, [], { certificate });
      if (options.json !== true) output.line(certificate.trimEnd());
    });
}

function missing(kabupaten: string) {
  return {
    id: "certificate-authority-missing",
    severity: "error",
    what: `the certificate authority of ${kabupaten} is not on this machine`,
    why: "it is made when something is published for the first time, where it is deployed from",
    fix: "run simpul deploy here, or ask where it is run",
  } as const;
}
