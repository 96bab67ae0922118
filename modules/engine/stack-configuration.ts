import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { labelOf, type ObjectKind } from "./docker-objects.ts";
import { readHostSteps, type HostStepCall } from "./host-step-call.ts";
import type { StackToRun } from "./stack-to-run.ts";
import {
  blocksAt,
  resolved,
  textAt,
  type Attributes,
  type Resources,
} from "./terraform-attributes.ts";

/** What a stack's cdk.tf.json asks for, as far as one can tell without terraform. */
export interface StackConfiguration {
  /** SHA-256 of the synthesised JSON. */
  readonly hash: string;
  readonly objects: readonly DeclaredObject[];
  readonly steps: readonly HostStepCall[];
}

/** A container, network or volume that a stack declares. */
export interface DeclaredObject {
  readonly kind: ObjectKind;
  /** `docker_container.router`: address in the state. */
  readonly address: string;
  readonly name: string;
  /** Labels `id.go.simpul.role` and `.name`; empty when absent. */
  readonly role: string;
  readonly slug: string;
  /** Whether it is a container that runs for good; carriers run once. */
  readonly mustRun: boolean;
  /** Names of the volumes it mounts, those that are plain. */
  readonly volumes: readonly string[];
  /** All that is asked for, references within the stack written out. */
  readonly attributes: Attributes;
  /** Attributes that keep the value they were made with. */
  readonly kept: readonly string[];
}

const KINDS: Readonly<Record<string, ObjectKind>> = {
  docker_container: "container",
  docker_network: "network",
  docker_volume: "volume",
};

/** The kind of a terraform type, for those types that are objects of an engine. */
export function kindOf(type: string): ObjectKind | undefined {
  return KINDS[type];
}

/** Reads a stack's cdk.tf.json. */
export async function readConfiguration(stack: StackToRun): Promise<StackConfiguration> {
  return parseConfiguration(await readFile(join(stack.directory, "cdk.tf.json"), "utf8"));
}

export function parseConfiguration(text: string): StackConfiguration {
  const resources = (JSON.parse(text) as { readonly resource?: Resources }).resource ?? {};
  const objects = Object.entries(KINDS).flatMap(([type, kind]) =>
    Object.entries(resources[type] ?? {}).flatMap(([id, block]) =>
      textAt(block, "name") === ""
        ? []
        : [declared(kind, `${type}.${id}`, resolved(block, resources))],
    ),
  );
  const hash = createHash("sha256").update(text).digest("hex");
  return { hash, objects, steps: readHostSteps(resources) };
}

function declared(kind: ObjectKind, address: string, attributes: Attributes): DeclaredObject {
  const [lifecycle = {}] = blocksAt(attributes, "lifecycle");
  return {
    kind,
    address,
    name: textAt(attributes, "name"),
    role: labelOf(attributes, "role"),
    slug: labelOf(attributes, "name"),
    mustRun: kind === "container" && attributes["must_run"] !== false,
    volumes: blocksAt(attributes, "volumes").map((volume) => textAt(volume, "volume_name")),
    attributes,
    kept: (lifecycle["ignore_changes"] as readonly string[] | undefined) ?? [],
  };
}
