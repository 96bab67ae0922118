import { rm } from "node:fs/promises";

import { listObjects, removeObjects, type EngineObject } from "./docker-objects.ts";
import { endForsakenContainers } from "./forsaken-containers.ts";
import { forgetBackups } from "./host-repository.ts";
import { HOST_VOLUME_ROOT, listHostVolumes, removeHostVolume } from "./host-volume.ts";
import { ROLES } from "./plan-summary-words.ts";
import { readConfiguration } from "./stack-configuration.ts";
import { AT_ONCE, initialiseAll, type StackRun } from "./stack-plans.ts";
import { retiredStacks } from "./stack-retired.ts";
import { reversed, schedule } from "./stack-schedule.ts";
import { readState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { parseEvent } from "./terraform-events.ts";
import { failureOf, INTERRUPTED, type TerraformDiagnostic } from "./terraform-failure.ts";
import { LOCK_TIMEOUT } from "./terraform-plan.ts";
import { runTerraform } from "./terraform-process.ts";

/** Everything of one kabupaten that a destroy takes away. */
export interface Doomed {
  readonly objects: readonly EngineObject[];
  /** Names of size-limited volumes on the engine's host: data. */
  readonly hostVolumes: readonly string[];
  /** Names of disks that were never made to their end. */
  readonly unfinished: readonly string[];
  /** The folder of the kabupaten's states, which goes last. */
  readonly states: string;
  /** Stacks, those that left the inventory included, that have a state. */
  readonly stacks: readonly StackToRun[];
}

export interface DestroyOptions {
  readonly hostVolumeRoot?: string;
  /** The folder of what is written down of its backups' proofs: a repository that is made anew is not one that shrank. */
  readonly proofs?: string;
}

/**
 * Lists what a destroy would take: by labels on the engine, so that a lost state hides nothing.
 * @param current none where the inventory is broken or terraform is missing: then all of it goes by labels
 */
export async function listDoomed(
  run: StackRun,
  states: string,
  current: readonly StackToRun[],
  { hostVolumeRoot = HOST_VOLUME_ROOT }: DestroyOptions = {},
): Promise<Doomed> {
  const retired = await retiredStacks(run.kabupaten, states, current);
  const objects = await listObjects(run.engine, run.kabupaten);
  const configurations = await Promise.all(current.map(readConfiguration));
  const volumes = [...configurations.flatMap((one) => one.objects), ...objects].filter(
    ({ kind }) => kind === "volume",
  );
  const ours = new Set(volumes.map(({ name }) => name));
  const images = await listHostVolumes(run.engine, hostVolumeRoot);
  const drafts = await listHostVolumes(run.engine, hostVolumeRoot, ".ext4.new");
  const isOurs = (name: string): boolean => ours.has(name) || isNamedAfter(run.kabupaten, name);
  const hostVolumes = images.filter(isOurs);
  const unfinished = drafts.filter((name) => isOurs(name) && !hostVolumes.includes(name));
  return { objects, hostVolumes, unfinished, states, stacks: [...current, ...retired] };
}

/** By the contract of names, with a known role behind: `banjar` must not take what is `banjar-baru`'s. */
function isNamedAfter(kabupaten: string, volume: string): boolean {
  return ROLES.some((role) => volume.startsWith(`simpul-${kabupaten}-${role}-`));
}

/**
 * Removes everything: stack by stack, those that need others first, then whatever still carries the kabupaten's
 * label, its size-limited volumes, and last its states. Stopped at any point, the same call goes on.
 * @returns what is still there and why; empty when nothing is
 */
export async function destroyEverything(
  run: StackRun,
  { stacks, states, hostVolumes, unfinished }: Doomed,
  { hostVolumeRoot = HOST_VOLUME_ROOT, proofs }: DestroyOptions = {},
): Promise<readonly string[]> {
  await endForsakenContainers(run.engine, run.kabupaten);
  await removeStrangers(run, stacks);
  await destroyStacks(run, stacks);
  if (run.interrupt?.aborted) return [INTERRUPTED];

  // What terraform refused to remove, or never knew.
  const refusals = await removeObjects(run.engine, await listObjects(run.engine, run.kabupaten), 0);
  const left = await listObjects(run.engine, run.kabupaten);
  if (left.length > 0)
    return [
      ...refusals,
      ...left.map(({ kind, name }) => `${kind} ${name} is still there`),
      ...staleInEngine(refusals, left),
    ];
  for (const name of [...hostVolumes, ...unfinished]) {
    // A volume that the engine refused to give up before has lost its labels by that.
    const { code, stderr } = await run.engine.run(["docker", "volume", "rm", "--force", name]);
    const problem = await removeHostVolume(run.engine, name, hostVolumeRoot);
    if (problem !== undefined)
      return [problem.what, ...(code === 0 ? [] : [stderr.trim(), ...staleInEngine([stderr], [])])];
  }
  await forgetBackups(run.engine, run.kabupaten, hostVolumeRoot);
  if (proofs !== undefined) await rm(proofs, { recursive: true, force: true });
  await rm(states, { recursive: true, force: true });
  return [];
}

/**
 * Docker 20.10 may keep a network's port of a container that is gone, when many go at once (seen twice, at a hundred),
 * and counts a volume's mounts twice for containers that lived on while it was away (live-restore): nothing but a
 * restart of the engine takes that away.
 */
export function staleInEngine(
  refusals: readonly string[],
  left: readonly Pick<EngineObject, "kind">[],
): readonly string[] {
  const isStale =
    refusals.some((text) => /has active (?:endpoints|mounts)/.test(text)) &&
    left.every(({ kind }) => kind !== "container");
  return isStale
    ? [
        "the engine holds on to ports or disks of containers that are gone: restart it (systemctl restart docker; where no systemd runs, stop dockerd and run scripts/setup.sh), then run the same command again",
      ]
    : [];
}

/** Containers that no state knows would keep networks busy, and terraform waiting for them. */
async function removeStrangers(run: StackRun, stacks: readonly StackToRun[]): Promise<void> {
  const states = await Promise.all(stacks.map(({ statePath }) => readState(statePath)));
  const known = new Set(states.flatMap(({ ids }) => [...ids]));
  const objects = await listObjects(run.engine, run.kabupaten);
  const strangers = objects.filter(({ kind, id }) => kind === "container" && !known.has(id));
  await removeObjects(run.engine, strangers, 0);
}

async function destroyStacks(run: StackRun, stacks: readonly StackToRun[]): Promise<void> {
  const states = await Promise.all(stacks.map(({ statePath }) => readState(statePath)));
  const full = stacks.filter((_, index) => (states[index]?.addresses.size ?? 0) > 0);
  const failures = await initialiseAll(run, full);
  run.progress.begin(
    "destroying",
    states.reduce((sum, { addresses }) => sum + addresses.size, 0),
  );
  await schedule(reversed(full), {
    limit: AT_ONCE,
    work: async (stack) => {
      if (!failures.has(stack.name)) await destroyStack(run, stack);
    },
    // A stack that terraform cannot remove does not keep the others back: the sweep by labels takes its things.
    succeeded: () => true,
    interrupt: run.interrupt,
  });
  run.progress.end();
}

async function destroyStack(
  { terraform, progress, interrupt }: StackRun,
  stack: StackToRun,
): Promise<void> {
  const diagnostics: TerraformDiagnostic[] = [];
  const { code, stderr } = await runTerraform(terraform, {
    directory: stack.directory,
    arguments: ["destroy", "-json", "-auto-approve", LOCK_TIMEOUT],
    onLine: (line) => {
      const event = parseEvent(line);
      if (event?.kind === "diagnostic") diagnostics.push(event.diagnostic);
      else if (event?.kind === "done") progress.step(`${stack.name}, ${event.address}`);
    },
    interrupt,
  });
  if (code === 0) return progress.note(`${stack.name}: removed`);
  const { reasons } = failureOf(diagnostics, () => undefined, stderr);
  progress.note(
    `${stack.name}: terraform could not remove all of it (${reasons.join("; ")}); removing by labels`,
  );
}
