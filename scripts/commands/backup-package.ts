import path from "node:path";

import type { Command } from "commander";

import type { AgentScripts } from "../../modules/render/backup-package.ts";
import { EXIT, report, type CommonOptions, type Output } from "../output.ts";
import { findRepository, keyMissing, passwordFile } from "./backup-ground.ts";
import { fileNotWritten } from "./file-not-written.ts";
import { wrongArgument } from "./wrong-argument.ts";

interface PackageOptions extends CommonOptions {
  readonly out: string;
}

/** `simpul backup package NAME`: the agent for an agency's own machine, as a Debian package. */
export function registerBackupPackage(backup: Command, output: Output): void {
  backup
    .command("package <server>")
    .description(
      "the agent for an agency's own machine: a Debian package, and its credentials apart",
    )
    .requiredOption("--out <dir>", "folder for both files")
    .addHelpText(
      "after",
      "\nExample:\n  $ simpul backup package simrs --out /media/stick\n\nAt the machine:\n  # apt install ./simpul-backup-simrs.deb\n  # tar --directory /etc/simpul-backup --extract --file simrs.credentials.tar",
    )
    .action(async (name: string, _own: object, command: Command) =>
      make(output, command.optsWithGlobals<PackageOptions>(), name),
    );
}

async function make(output: Output, options: PackageOptions, name: string): Promise<void> {
  const { prepareOrReport } = await import("../project.ts");
  const { LOCAL, ROOT } = await import("../../stacks/prepare.ts");
  const prepared = await prepareOrReport(output, "backup package", options);
  if (prepared === undefined) return;
  const { backup } = prepared.plan;
  const repository = backup === undefined ? undefined : findRepository(backup, name);
  const server = backup?.servers.find(({ site }) => site === "pusat-data");
  const refused =
    repository === undefined || server === undefined
      ? wrongArgument("nothing is backed up", "write backup: in a VPS file")
      : "severity" in repository
        ? repository
        : repository.host === "vps"
          ? wrongArgument(
              `beside the VPS ${name} stands an agent of the Dinas`,
              "name a server of a rack or of an agency's own",
            )
          : repository;
  if ("severity" in refused) {
    report(output, "backup package", options, [refused]);
    return output.exitCode(EXIT.usage);
  }
  const secrets = await secretsOf(path.join(LOCAL, "secrets", options.kabupaten), name);
  if (secrets === undefined) {
    report(output, "backup package", options, [keyMissing(name, "pusat-data")]);
    return output.exitCode(EXIT.environment);
  }
  const rendered = await import("../../modules/render/backup-package.ts");
  const { writeDebianPackage, writeSecretArchive } =
    await import("../../modules/engine/debian-package.ts");
  const files = rendered.packageFiles(refused, await scriptsIn(ROOT));
  const control = rendered.packageControl(refused, await versionIn(ROOT), files);
  const out = path.resolve(options.out);
  const made = [`simpul-backup-${name}.deb`, `${name}.credentials.tar`].map((file) =>
    path.join(out, file),
  );
  try {
    writeDebianPackage(made[0]!, [...files, ...control]);
    writeSecretArchive(made[1]!, rendered.credentialFiles(refused, server!, secrets));
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    report(output, "backup package", options, [fileNotWritten(out, error)]);
    return output.exitCode(EXIT.environment);
  }
  report(output, "backup package", options, [], { written: made });
  if (options.json !== true)
    output.line(
      `written: ${made.join(", ")}\nThe second holds the key of ${name}: hand it over yourself, and keep no copy.`,
    );
}

async function secretsOf(
  folder: string,
  name: string,
): Promise<{ password: string; http: string; authority: string } | undefined> {
  const { readFile } = await import("node:fs/promises");
  const { authorityCertificate } = await import("../../stacks/edge-secrets.ts");
  const read = (file: string) => readFile(file, "utf8").catch(() => undefined);
  const password = await read(passwordFile(folder, name, "pusat-data"));
  const http = await read(path.join(folder, "backup", name, "http-password"));
  const authority = authorityCertificate(folder);
  if (password === undefined || http === undefined || authority === undefined) return undefined;
  return { password, http, authority };
}

async function scriptsIn(root: string): Promise<AgentScripts> {
  const { readFile } = await import("node:fs/promises");
  const { AGENT_SCRIPTS } = await import("../../modules/render/backup-package.ts");
  const read = AGENT_SCRIPTS.map(
    async (name) =>
      [name, await readFile(path.join(root, "images/backup-runner", name), "utf8")] as const,
  );
  return Object.fromEntries(await Promise.all(read)) as AgentScripts;
}

async function versionIn(root: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path.join(root, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
