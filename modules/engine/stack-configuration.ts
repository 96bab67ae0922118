import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { labelOf, type Label, type ObjectKind } from "./docker-objects.ts";
import type { StackToRun } from "./stack-to-run.ts";

/** What a stack's cdk.tf.json asks for, as far as one can tell without terraform. */
export interface StackConfiguration {
  /** SHA-256 of the synthesised JSON. */
  readonly hash: string;
  readonly objects: readonly DeclaredObject[];
}

/** A container, network or volume that a stack declares. */
export interface DeclaredObject {
  readonly kind: ObjectKind;
  /** `docker_container.router`: address in the state. */
  readonly address: string;
  readonly name: string;
  /** Label `id.go.simpul.config`; empty when absent. */
  readonly config: string;
  /** Whether it is a container that runs for good; carriers run once. */
  readonly mustRun: boolean;
  /** Names of a container's networks, sorted; undefined when they are only known to terraform. */
  readonly networks: readonly string[] | undefined;
  /** Names of the volumes it mounts, those that are plain. */
  readonly volumes: readonly string[];
}

const KINDS: Readonly<Record<string, ObjectKind>> = {
  docker_container: "container",
  docker_network: "network",
  docker_volume: "volume",
};

interface Block {
  readonly name?: string;
  readonly must_run?: boolean;
  readonly network_mode?: string;
  readonly networks_advanced?: readonly { readonly name: string }[];
  readonly volumes?: readonly { readonly volume_name?: string }[];
  readonly labels?: readonly Label[];
}
type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** Reads a stack's cdk.tf.json. */
export async function readConfiguration(stack: StackToRun): Promise<StackConfiguration> {
  return parseConfiguration(await readFile(join(stack.directory, "cdk.tf.json"), "utf8"));
}

export function parseConfiguration(text: string): StackConfiguration {
  const resources = (JSON.parse(text) as { readonly resource?: Resources }).resource ?? {};
  const objects = Object.entries(KINDS).flatMap(([type, kind]) =>
    Object.entries(resources[type] ?? {}).flatMap(([id, block]) =>
      block.name === undefined
        ? []
        : [declared(kind, `${type}.${id}`, block.name, block, resources)],
    ),
  );
  return { hash: createHash("sha256").update(text).digest("hex"), objects };
}

function declared(
  kind: ObjectKind,
  address: string,
  name: string,
  block: Block,
  resources: Resources,
): DeclaredObject {
  const config = labelOf(block, "config");
  const mustRun = kind === "container" && block.must_run !== false;
  const volumes = (block.volumes ?? []).flatMap(({ volume_name: volume = "" }) => volume);
  const networks = networksOf(block, resources);
  return { kind, address, name, config, mustRun, networks, volumes };
}

function networksOf(block: Block, resources: Resources): readonly string[] | undefined {
  if (block.networks_advanced === undefined) return undefined;
  const names = block.networks_advanced.map(({ name }) => resolved(name, resources));
  if (names.some((name) => name === undefined)) return undefined;
  return names.map(String).toSorted();
}

/** A plain name, or `${docker_network.id.name}` within the stack; anything else only terraform knows. */
function resolved(name: string, resources: Resources): string | undefined {
  if (!name.includes("${")) return name;
  const [, id] = /^\$\{docker_network\.([A-Za-z0-9_-]+)\.(?:name|id)\}$/.exec(name) ?? [];
  return id === undefined ? undefined : resources["docker_network"]?.[id]?.name;
}
