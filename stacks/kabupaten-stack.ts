import path from "node:path";

import {
  DockerProvider,
  LocalBackend,
  TerraformStack,
  type App,
} from "../modules/constructs/cdktf.ts";
import type { StackContext } from "../modules/constructs/stack-context.ts";
import type { FailoverKeys } from "../modules/engine/failover-keys.ts";
import type { ReplicaKeys } from "../modules/engine/replica-keys.ts";
import type { KabupatenPlan, StackPlan } from "../modules/plan/kabupaten-plan.ts";
import type { BackupSecrets } from "./backup-secrets.ts";
import type { DnsSecrets } from "./dns-secrets.ts";
import type { EdgeSecrets } from "./edge-secrets.ts";

/** What synthesis needs beside the plan; all paths absolute. */
export interface SynthesisOptions {
  /** Image id of each image folder. */
  readonly images: ReadonlyMap<string, string>;
  /** Folder of the states: `<folder>/<kabupaten>/<stack>.tfstate`. */
  readonly states: string;
  /** What the keys of the name service are, and where their files lie. */
  readonly dns: DnsSecrets;
  /** Certificate of the kabupaten's own authority, in PEM; none where servers need not trust it. */
  readonly authority?: string;
  /** Certificates of the edge, where the plan has one. */
  readonly edge?: EdgeSecrets;
  /** Credentials of backups, where the plan has any. */
  readonly backup?: BackupSecrets;
  /** Keys of the copies of volumes, where servers have standbys. */
  readonly replica?: ReplicaKeys;
  /** Keys of voters and databases, where a database has a standby. */
  readonly failover?: FailoverKeys;
  /** Image id of each server at the Pusat Data, as it runs. */
  readonly running?: ReadonlyMap<string, string>;
  /** The `simpul` executable. */
  readonly simpul: string;
  /** Engine's address for the provider; the local socket when absent. */
  readonly dockerHost?: string;
}

/** The bindings were made for provider 3.6; this is the one that they are run with (lab). */
const PROVIDER = { source: "registry.terraform.io/kreuzwerker/docker", version: "4.6.0" };

/** An empty stack with its provider and its state, ready for constructs. */
export function kabupatenStack(
  app: App,
  plan: KabupatenPlan,
  stack: StackPlan,
  options: SynthesisOptions,
): StackContext {
  const scope = new TerraformStack(app, stackId(plan, stack));
  new DockerProvider(
    scope,
    "docker",
    options.dockerHost === undefined ? {} : { host: options.dockerHost },
  );
  for (const [key, value] of Object.entries(PROVIDER))
    scope.addOverride(`terraform.required_providers.docker.${key}`, value);
  new LocalBackend(scope, { path: statePath(plan, stack, options) });
  return {
    scope,
    kabupaten: plan.name,
    stack: stack.name,
    images: options.images,
    simpul: options.simpul,
  };
}

/** `temanggung-backbone`: what `npx cdktf deploy` takes. */
export function stackId(plan: KabupatenPlan, stack: StackPlan): string {
  return `${plan.name}-${stack.name}`;
}

/** Where this stack's state lies. */
export function statePath(
  plan: KabupatenPlan,
  stack: StackPlan,
  { states }: Pick<SynthesisOptions, "states">,
): string {
  return path.join(states, plan.name, `${stack.name}.tfstate`);
}
