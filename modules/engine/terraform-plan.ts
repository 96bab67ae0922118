import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Label } from "./docker-objects.ts";
import type { StackConfiguration } from "./stack-configuration.ts";
import { readState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { parseEvent, type PlannedChange } from "./terraform-events.ts";
import {
  failureOf,
  INTERRUPTED,
  type StackFailure,
  type TerraformDiagnostic,
} from "./terraform-failure.ts";
import { runTerraform, type Terraform } from "./terraform-process.ts";

/** Attributes of a resource, of those types and names we use. */
export interface Attributes {
  readonly name?: string;
  readonly labels?: readonly Label[];
  readonly [attribute: string]: unknown;
}

/** One entry of `resource_changes` in `terraform show -json` (format 1.x). */
export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly ("no-op" | "create" | "read" | "update" | "delete" | "forget")[];
    readonly before: Attributes | null;
    readonly after: Attributes | null;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: { readonly id: string };
  };
}

/** A saved plan: applied as it is, or not at all. */
export interface TerraformPlan {
  readonly planFile: string;
  /** Version of the state that was planned on; another one makes the plan stale. */
  readonly stateVersion: string;
  readonly configuration: StackConfiguration;
  readonly changes: readonly ResourceChange[];
  readonly hasChanges: boolean;
  /** Made for some of the stack's resources only: the rest may still be as it was. */
  readonly partial: boolean;
}

export interface PlanOptions {
  readonly configuration: StackConfiguration;
  readonly destroy?: boolean;
  /** Objects that live without a state: address in the stack -> the engine's id. */
  readonly imports?: ReadonlyMap<string, string>;
  /** Addresses to which the plan is limited, with what they need; all of the stack where it is empty. */
  readonly targets?: readonly string[];
  /** Addresses of what is to be done again. */
  readonly again?: readonly string[];
  readonly interrupt?: AbortSignal | undefined;
}

/** How long to wait for another terraform that holds a state. */
export const LOCK_TIMEOUT = "-lock-timeout=120s";

/** Plans one stack into a file beside its state. Nothing changes but that file. */
export async function planStack(
  terraform: Terraform,
  stack: StackToRun,
  options: PlanOptions,
): Promise<TerraformPlan | StackFailure> {
  const planFile = planFileOf(stack);
  // A plan holds what the state holds: nobody else's business.
  await mkdir(dirname(planFile), { recursive: true, mode: 0o700 });
  const imports = join(stack.directory, "simpul-imports.tf.json");
  await rm(imports, { force: true });
  const { version } = await readState(stack.statePath);
  try {
    if (options.imports?.size) await writeFile(imports, importBlocks(options.imports));
    const planned = await runPlan(terraform, stack, planFile, options);
    if ("reasons" in planned) return planned;
    await chmod(planFile, 0o600);
    const { configuration, targets = [] } = options;
    return {
      ...planned,
      partial: targets.length > 0,
      planFile,
      configuration,
      stateVersion: version,
    };
  } finally {
    // They are in the saved plan now; beside cdk.tf.json they would outlive their purpose.
    await rm(imports, { force: true });
  }
}

function planFileOf(stack: StackToRun): string {
  return stack.statePath.replace(/\.tfstate$/, "") + ".tfplan";
}

async function runPlan(
  terraform: Terraform,
  stack: StackToRun,
  planFile: string,
  { configuration, destroy = false, targets = [], again = [], imports, interrupt }: PlanOptions,
): Promise<Pick<TerraformPlan, "changes" | "hasChanges"> | StackFailure> {
  const diagnostics: TerraformDiagnostic[] = [];
  const announced: PlannedChange[] = [];
  const mode = [
    ...(destroy ? ["-destroy"] : []),
    ...targets.map((address) => `-target=${address}`),
    ...again.map((address) => `-replace=${address}`),
  ];
  const nameOf = (address: string): string | undefined =>
    configuration.objects.find((one) => one.address === address)?.name;
  const { code, stderr } = await runTerraform(terraform, {
    directory: stack.directory,
    arguments: ["plan", "-json", "-detailed-exitcode", LOCK_TIMEOUT, `-out=${planFile}`, ...mode],
    onLine: (line) => {
      const event = parseEvent(line);
      if (event?.kind === "diagnostic") diagnostics.push(event.diagnostic);
      if (event?.kind === "planned") announced.push(event.planned);
    },
    interrupt,
  });
  if (interrupt?.aborted) return { reasons: [INTERRUPTED], refusedBy: [] };
  if (code !== 0 && code !== 2) return failureOf(diagnostics, nameOf, stderr);
  if (code === 0) return { changes: [], hasChanges: false };
  if (imports === undefined && announced.every(({ action }) => action === "create"))
    return { changes: announced.map((one) => creation(one, configuration)), hasChanges: true };
  const shown = await runTerraform(terraform, {
    directory: stack.directory,
    arguments: ["show", "-json", planFile],
  });
  if (shown.code !== 0) return failureOf([], nameOf, shown.stderr);
  const { resource_changes: changes = [] } = JSON.parse(shown.stdout) as {
    readonly resource_changes?: readonly ResourceChange[];
  };
  return { changes, hasChanges: code === 2 };
}

/**
 * What is only made for the first time is all in the configuration: a `terraform show` per stack would cost as much as a
 * plan.
 */
function creation(
  { resource: { addr, resource_type: type, resource_name: name } }: PlannedChange,
  { objects }: StackConfiguration,
): ResourceChange {
  const after: Attributes = objects.find(({ address }) => address === addr)?.attributes ?? {};
  return {
    address: addr,
    mode: "managed",
    type,
    name,
    change: { actions: ["create"], before: null, after },
  };
}

function importBlocks(imports: ReadonlyMap<string, string>): string {
  return JSON.stringify({ import: [...imports].map(([to, id]) => ({ to, id })) });
}
