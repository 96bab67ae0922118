import { createHash } from "node:crypto";
import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { StackToRun } from "./stack-to-run.ts";
import { runTerraform, type Terraform } from "./terraform-process.ts";
import { reasonFromText } from "./terraform-failure.ts";

/** How many may be initialised at once; a plugin cache is not safe for two writers (terraform's own documentation). */
export function initLimit(terraform: Terraform): number {
  return terraform.environment["TF_PLUGIN_CACHE_DIR"] === undefined ? 2 : 1;
}

/**
 * Makes a stack's folder ready for terraform, when it is not: backend, providers, lock file.
 * @returns nothing, or why it could not be done
 */
export async function initialise(
  terraform: Terraform,
  stack: StackToRun,
  interrupt?: AbortSignal,
): Promise<string | undefined> {
  const stamp = join(stack.directory, ".terraform", "simpul-init");
  const wanted = await fingerprint(terraform, stack);
  if (
    (await readFile(stamp, "utf8").catch(() => "")) === wanted &&
    (await providersAreThere(stack))
  )
    return undefined;

  // -reconfigure: the backend's path is part of the plan of this machine, never something to migrate.
  const run = {
    directory: stack.directory,
    arguments: ["init", "-input=false", "-no-color", "-reconfigure"],
    interrupt,
  };
  let answer = await runTerraform(terraform, run);
  if (answer.code !== 0 && /checksum/i.test(answer.stderr)) {
    // A provider that was built anew on this machine. The lock file is generated here too, and not in git.
    await rm(join(stack.directory, ".terraform.lock.hcl"), { force: true });
    answer = await runTerraform(terraform, run);
  }
  if (answer.code !== 0) return reasonFromText(answer.stderr || answer.stdout);
  await writeFile(stamp, wanted);
  return undefined;
}

/** What an init depends on: the stack's terraform block, which binary, and where providers come from. */
async function fingerprint(terraform: Terraform, stack: StackToRun): Promise<string> {
  const text = await readFile(join(stack.directory, "cdk.tf.json"), "utf8");
  const { terraform: block } = JSON.parse(text) as { readonly terraform?: unknown };
  const { TF_CLI_CONFIG_FILE: settings, TF_DATA_DIR: data } = terraform.environment;
  return createHash("sha256")
    .update(JSON.stringify([block, terraform.binary, settings, data]))
    .digest("hex");
}

async function providersAreThere(stack: StackToRun): Promise<boolean> {
  // Links into a mirror that was removed are as good as nothing: access follows them.
  const lock = await readFile(join(stack.directory, ".terraform.lock.hcl"), "utf8").catch(() => "");
  const found = lock.matchAll(/^provider "([^"]+)" \{\s+version\s+= "([^"]+)"/gm);
  const folders = [...found].map(([, source, version]) =>
    join(stack.directory, ".terraform", "providers", source!, version!),
  );
  if (folders.length === 0) return false;
  const there = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.every(Boolean);
}
