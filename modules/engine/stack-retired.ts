import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { readState, stateFiles } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";

/**
 * Stacks whose state still holds something while the inventory no longer has them: a kecamatan that was taken out,
 * say. Each becomes an empty configuration on the old state, so that terraform plans to remove what it holds.
 * @param folder the kabupaten's state folder
 */
export async function retiredStacks(
  kabupaten: string,
  folder: string,
  stacks: readonly StackToRun[],
): Promise<readonly StackToRun[]> {
  const [model] = stacks;
  if (model === undefined) return [];
  const current = new Set(stacks.map(({ statePath }) => statePath));
  const retired: StackToRun[] = [];
  for (const statePath of await stateFiles(folder)) {
    if (current.has(statePath) || (await readState(statePath)).addresses.size === 0) continue;
    const name = basename(statePath, ".tfstate");
    const directory = join(dirname(statePath), "retired", name);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, "cdk.tf.json"), await emptyConfiguration(model, statePath));
    const title = `${name}: no longer in the inventory`;
    retired.push({ id: `${kabupaten}-${name}`, name, title, needs: [], directory, statePath });
  }
  return retired;
}

interface Synthesised {
  readonly provider?: unknown;
  readonly terraform?: { readonly required_providers?: unknown };
}

/** Terraform needs the provider's settings to remove what it made; a stack that is still there has them. */
async function emptyConfiguration(model: StackToRun, statePath: string): Promise<string> {
  const text = await readFile(join(model.directory, "cdk.tf.json"), "utf8");
  const { provider, terraform } = JSON.parse(text) as Synthesised;
  return JSON.stringify({
    provider,
    terraform: {
      backend: { local: { path: statePath } },
      required_providers: terraform?.required_providers,
    },
  });
}
