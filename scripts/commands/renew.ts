import type { Command } from "commander";

import type { Diagnostic } from "../../modules/core/diagnostic.ts";
import type { Engine } from "../../modules/engine/docker-engine.ts";
import type { DueCertificate, Order } from "../../modules/engine/certificate-renewal.ts";
import type { EdgePlan } from "../../modules/plan/edge-plan.ts";
import type { KabupatenPlan } from "../../modules/plan/kabupaten-plan.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";

interface RenewOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** `simpul renew`: for every night. Certificates whose time has come, and no other thing of a deploy. */
export function registerRenew(program: Command, output: Output): void {
  program
    .command("renew")
    .description("renew certificates whose time has come, without a deploy; a dry run until --yes")
    .option("--yes", "do it; nothing is done where nothing is due")
    .addHelpText("after", "\nExample:\n  $ simpul renew --yes")
    .action((_own: object, command: Command) =>
      renew(output, command.optsWithGlobals<RenewOptions>()),
    );
}

async function renew(output: Output, options: RenewOptions): Promise<void> {
  const { prepare, LOCAL } = await import("../../stacks/prepare.ts");
  const { default: path } = await import("node:path");
  const { inventory, plan, findings, unreadable } = await prepare({
    kabupaten: options.kabupaten,
    inventory: options.inventory,
  });
  if (inventory === undefined || plan === undefined) {
    report(output, "renew", options, findings);
    return output.exitCode(unreadable === true ? EXIT.usage : EXIT.findings);
  }
  const { edge } = plan;
  if (edge === undefined) return told(output, options, { due: [], renewed: [], brought: false });
  const { exclusively } = await import("./stack-command.ts");
  // No deploy may lay out the same certificates meanwhile.
  const held = {
    kabupaten: options.kabupaten,
    states: path.join(LOCAL, "state", options.kabupaten),
    synthesise: () => [],
  };
  const secrets = path.join(LOCAL, "secrets", options.kabupaten);
  const done = await exclusively(held, () => renewIn(secrets, plan, edge, options));
  if ("severity" in done) return report(output, "renew", options, [done]);
  told(output, options, done);
}

interface Done {
  readonly due: readonly DueCertificate[];
  readonly renewed: readonly string[];
  /** Whether the edge was given something. */
  readonly brought: boolean;
  readonly findings?: readonly Diagnostic[];
  readonly exitCode?: number;
}

async function renewIn(
  secrets: string,
  plan: KabupatenPlan,
  edge: EdgePlan,
  { yes }: RenewOptions,
): Promise<Done> {
  const { Fault } = await import("../../modules/core/fault.ts");
  const { edgeFolder, prepareAuthority } = await import("../../stacks/edge-secrets.ts");
  const { dueCertificates, renewEdgeCertificates } =
    await import("../../modules/engine/certificate-renewal.ts");
  const now = new Date();
  const folder = edgeFolder(secrets);
  const authority = prepareAuthority(plan.domain, secrets);
  const due = dueCertificates(folder, edge.certificates, now);
  const fault = [authority, due].find((one) => one instanceof Fault);
  if (authority instanceof Fault || due instanceof Fault) {
    const { what, fix } = fault as InstanceType<typeof Fault>;
    return { ...NOTHING, findings: [unusable(what, fix)], exitCode: EXIT.environment };
  }
  if (yes !== true) return { ...NOTHING, due };
  const order = await orderFrom(secrets, edge);
  const { renewed, findings } = await renewEdgeCertificates(folder, due, { authority, order, now });
  const { localEngine } = await import("../../modules/engine/docker-engine.ts");
  const brought = await bringToEdges(localEngine(process.env), plan, edge, folder);
  return {
    due,
    renewed,
    brought: brought === true,
    findings: [...findings, ...(typeof brought === "object" ? [brought] : [])],
  };
}

const NOTHING: Done = { due: [], renewed: [], brought: false };

async function orderFrom(secrets: string, { acme }: EdgePlan): Promise<Order | undefined> {
  if (acme === undefined) return undefined;
  const { Fault } = await import("../../modules/core/fault.ts");
  const { acmeAccount } = await import("../../stacks/edge-secrets.ts");
  const { orderCertificate } = await import("../../modules/engine/acme.ts");
  const account = acmeAccount(secrets);
  if (account instanceof Fault) throw new Error(account.what);
  return (names) => orderCertificate(acme, account, names);
}

/** Also what an earlier run renewed and did not bring: who was interrupted runs the same again. */
async function bringToEdges(
  engine: Engine,
  { name: kabupaten }: KabupatenPlan,
  { servers }: EdgePlan,
  folder: string,
): Promise<boolean | Diagnostic> {
  const { certificateSet } = await import("../../modules/engine/certificate-renewal.ts");
  const { fillSecrets } = await import("../../modules/engine/docker-secrets.ts");
  const { engineName } = await import("../../modules/plan/engine-names.ts");
  const containers = servers.map(({ name }) => engineName({ kabupaten, role: "edge", name }));
  const format = ["--format", "{{.Image}}"];
  const images = await engine.run(["docker", "container", "inspect", ...format, ...containers]);
  const [image] = images.stdout.split("\n");
  // Not deployed yet: a deploy brings what is there.
  if (image === undefined || image === "") return false;
  const wanted = certificateSet(folder);
  const standing = await Promise.all(
    containers.map((container) =>
      engine.run(["docker", "exec", container, "readlink", "/run/simpul-secrets/current"]),
    ),
  );
  if (standing.every(({ stdout }) => stdout.trim() === wanted)) return false;
  const volume = engineName({ kabupaten, role: "config", name: "edge-secrets" });
  const filled = await fillSecrets(engine, volume, folder, image);
  return typeof filled === "number" ? true : filled;
}

function told(
  output: Output,
  options: RenewOptions,
  { due, renewed, brought, findings = [], exitCode }: Done,
): void {
  const shown = due.map(({ id, names, issuer, ends }) => ({
    id,
    names,
    issuer,
    ...(ends !== undefined && { ends: ends.toISOString() }),
  }));
  report(output, "renew", options, findings, { due: shown, renewed, brought });
  if (exitCode !== undefined) output.exitCode(exitCode);
  if (options.json === true) return;
  const lines = due.map(({ names, ends }) =>
    ends === undefined
      ? `  ${names.join(", ")}: its authority has given none yet`
      : `  ${names.join(", ")}: ends ${ends.toISOString().slice(0, 10)}`,
  );
  output.line(
    due.length === 0
      ? `No certificate is due.${brought ? " The edge was given those that it lacked." : ""}`
      : [
          `${due.length} certificates are due:`,
          ...lines,
          options.yes === true
            ? `${renewed.length} renewed${brought ? " and at the edge" : ""}.`
            : "Nothing was changed: this was a dry run. To renew them: simpul renew --yes",
        ].join("\n"),
  );
}

function unusable(what: string, fix: string): Diagnostic {
  return {
    id: "setup-missing",
    severity: "error",
    what,
    why: "certificates and their keys are kept in the folder of secrets",
    fix,
  };
}
