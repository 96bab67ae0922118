import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answerOf, localEngine, type Engine } from "../../modules/engine/docker-engine.ts";
import { listObjects, removeObjects } from "../../modules/engine/docker-objects.ts";
import { readRoleImages } from "../../modules/engine/images.ts";
import { repairLive } from "../../modules/engine/live-repair.ts";
import type { PlanSummary } from "../../modules/engine/plan-summary.ts";
import { SILENT } from "../../modules/engine/progress.ts";
import { applyStacks, type StackOutcome } from "../../modules/engine/stack-apply.ts";
import type { Selection } from "../../modules/engine/stack-selection.ts";
import { planStacks, type Planned, type StackRun } from "../../modules/engine/stack-plans.ts";
import { summarise } from "../../modules/engine/stack-summary.ts";
import type { StackToRun } from "../../modules/engine/stack-to-run.ts";
import { terraformEnvironment } from "../../modules/engine/terraform-environment.ts";
import { findTerraform, runTerraform } from "../../modules/engine/terraform-process.ts";
import { engineLabels, engineName, type EngineRole } from "../../modules/plan/engine-names.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What a stack of the laboratory holds; every container stands on the stack's one network, if it has one. */
export interface LabStack {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly network?: boolean;
  readonly containers?: readonly LabContainer[];
  readonly volumes?: readonly LabThing[];
}

export interface LabThing {
  readonly role: EngineRole;
  readonly name: string;
}

export interface LabContainer extends LabThing {
  /** Changes the container's environment: the provider makes it anew for another one. */
  readonly version?: string;
  readonly memory?: number;
  /** Mounts the volume of the same role and name. */
  readonly volume?: boolean;
  /** A carrier: runs once, and a non-zero exit fails the apply. */
  readonly carrier?: string;
}

/** A kabupaten of its own on the real engine, written by hand instead of synthesised. */
export class DeployLab {
  private networks = 0;

  private constructor(
    readonly kabupaten: string,
    readonly folder: string,
    readonly engine: Engine,
    private readonly image: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async create(topic: string): Promise<DeployLab> {
    const images = readRoleImages(ROOT);
    if (!("router" in images)) throw new Error("no images; run scripts/setup.sh");
    const environment = await terraformEnvironment(join(ROOT, ".simpul", "env"), process.env);
    const kabupaten = `scratch${topic}${randomBytes(2).toString("hex")}`;
    const folder = await mkdtemp(join(tmpdir(), `scratch-deploy-${topic}-`));
    return new DeployLab(
      kabupaten,
      folder,
      localEngine(environment),
      images.router.id,
      environment,
    );
  }

  nameOf({ role, name }: LabThing): string {
    return engineName({ kabupaten: this.kabupaten, role, name });
  }

  get stateFolder(): string {
    return join(this.folder, "state", this.kabupaten);
  }

  /** Writes a stack's cdk.tf.json, as synthesis would. */
  async stack(stack: LabStack): Promise<StackToRun> {
    const id = `${this.kabupaten}-${stack.name}`;
    const directory = join(this.folder, "cdktf.out", "stacks", id);
    const statePath = join(this.stateFolder, `${stack.name}.tfstate`);
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, "cdk.tf.json"),
      JSON.stringify({
        terraform: {
          backend: { local: { path: statePath } },
          required_providers: {
            docker: { source: "registry.terraform.io/kreuzwerker/docker", version: "4.6.0" },
          },
        },
        provider: { docker: [{}] },
        resource: this.resources(stack),
      }),
    );
    const { name, needs = [] } = stack;
    return { id, name, title: `Stack ${name}`, needs, directory, statePath };
  }

  private resources(stack: LabStack): object {
    const label = (role: EngineRole, name: string, config: string) => {
      const labels = engineLabels(
        { kabupaten: this.kabupaten, stack: stack.name, role, name },
        config,
      );
      return Object.entries(labels).map(([key, value]) => ({ label: key, value }));
    };
    const network = {
      name: engineName({ kabupaten: this.kabupaten, role: "router", name: stack.name }),
      driver: "bridge",
      // A /24 per stack out of a block that nothing else uses; the bridge's name puts it under the host firewall.
      ipam_config: [{ subnet: `10.249.${octet(this.kabupaten, stack.name)}.0/24` }],
      options: { "com.docker.network.bridge.name": `smp${randomName(this.kabupaten, stack.name)}` },
      labels: label("router", stack.name, "1"),
    };
    const container = (one: LabContainer): object => ({
      name: this.nameOf(one),
      image: this.image,
      entrypoint: one.carrier === undefined ? ["sleep", "3600"] : ["sh", "-c", one.carrier],
      init: true,
      env: [`VERSION=${one.version ?? "1"}`],
      network_mode: stack.network === true ? "bridge" : "none",
      log_driver: "json-file",
      destroy_grace_seconds: 1,
      memory: one.memory ?? 64,
      memory_swap: one.memory ?? 64,
      labels: label(one.role, one.name, one.version ?? one.carrier ?? "1"),
      ...(stack.network === true && {
        networks_advanced: [{ name: "${docker_network.segment.name}" }],
      }),
      ...(one.volume === true && {
        volumes: [{ volume_name: `\${docker_volume.${one.name}.name}`, container_path: "/data" }],
      }),
      ...(one.carrier !== undefined && {
        must_run: false,
        attach: true,
        logs: true,
        lifecycle: {
          postcondition: [
            { condition: "${self.exit_code == 0}", error_message: "its parser refused it" },
          ],
        },
      }),
    });
    const volume = (one: LabThing): object => ({
      name: this.nameOf(one),
      labels: label(one.role, one.name, "1"),
    });
    const blocks = {
      docker_network: stack.network === true ? { segment: network } : {},
      docker_volume: byName(stack.volumes ?? [], volume),
      docker_container: byName(stack.containers ?? [], container),
    };
    // Terraform takes an empty block for a mistake.
    return Object.fromEntries(
      Object.entries(blocks).filter(([, block]) => Object.keys(block).length > 0),
    );
  }

  async run(interrupt?: AbortSignal): Promise<StackRun> {
    const terraform = await findTerraform(this.environment);
    if ("severity" in terraform) throw new Error(terraform.what);
    const { kabupaten, engine } = this;
    return { kabupaten, engine, terraform, progress: SILENT, interrupt };
  }

  async plan(
    stacks: readonly StackToRun[],
    refresh = false,
    only: readonly Selection[] = [],
  ): Promise<[Planned, PlanSummary]> {
    const planned = await planStacks(await this.run(), stacks, { refresh, only });
    return [planned, summarise(this.kabupaten, planned, () => undefined)];
  }

  /** Plans, puts right what needs no restart, and applies; gives the outcome of each stack by its name. */
  async deploy(
    stacks: readonly StackToRun[],
    interrupt?: AbortSignal,
  ): Promise<ReadonlyMap<string, StackOutcome>> {
    const run = await this.run(interrupt);
    const planned = await planStacks(run, stacks, { refresh: false });
    if (interrupt?.aborted !== true)
      await repairLive(run.engine, planned.deviations, planned.configurations);
    const outcomes = await applyStacks(run, planned);
    return new Map(outcomes.map((one) => [one.name, one]));
  }

  /** Marks a resource as one that must be made anew, as an apply does that fails half way. */
  async taint(stack: StackToRun, address: string): Promise<void> {
    const run = { directory: stack.directory, arguments: ["taint", address] };
    const { code, stderr } = await runTerraform((await this.run()).terraform, run);
    if (code !== 0) throw new Error(stderr);
  }

  /** Names on the engine, without the kabupaten's prefix; sorted. */
  async live(): Promise<readonly string[]> {
    const objects = await listObjects(this.engine, this.kabupaten);
    const short = (name: string): string => name.replace(`simpul-${this.kabupaten}-`, "");
    return objects
      .map(({ kind, name, state }) => `${kind} ${short(name)} ${state}`.trim())
      .toSorted();
  }

  docker(...argv: readonly string[]): Promise<string> {
    return answerOf(this.engine, ["docker", ...argv]);
  }

  /** Removes all of it, whatever a test left. */
  async clean(): Promise<void> {
    await removeObjects(this.engine, await listObjects(this.engine, this.kabupaten), 0);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function byName<T extends LabThing>(things: readonly T[], block: (thing: T) => object): object {
  return Object.fromEntries(things.map((thing) => [thing.name, block(thing)]));
}

function randomName(kabupaten: string, stack: string): string {
  return Buffer.from(`${kabupaten.slice(-4)}${stack}`)
    .toString("hex")
    .slice(0, 12);
}

function octet(kabupaten: string, stack: string): number {
  const sum = [...Buffer.from(`${kabupaten}${stack}`)].reduce((a, b) => (a * 31 + b) % 251, 7);
  return sum;
}
