import { readFile } from "node:fs/promises";

import { serverKey, type Deviation } from "./deviation.ts";
import type { StackConfiguration } from "./stack-configuration.ts";
import type { StackState } from "./stack-state.ts";
import type { StackToRun } from "./stack-to-run.ts";
import { writeWhole } from "./whole-file.ts";

/** What was last applied without an error, kept beside the state; or what an apply that has not succeeded yet makes. */
interface Applied {
  readonly hash?: string;
  readonly stateVersion?: string;
  /** Names of the containers that are being made. */
  readonly making?: readonly string[];
}

/** Remembers that this configuration is what the state and the engine now hold. */
export async function recordApplied(
  stack: StackToRun,
  { hash }: StackConfiguration,
  { version }: StackState,
): Promise<void> {
  const applied: Applied = { hash, stateVersion: version };
  await writeWhole(appliedFileOf(stack), JSON.stringify(applied) + "\n");
}

/**
 * Says that an apply begins: until it has succeeded, the stack is planned by terraform, and the containers it makes
 * may be found half made and in no state.
 */
export async function recordBegun(stack: StackToRun, making: readonly string[]): Promise<void> {
  const before = await containersInTheMaking(stack);
  const names = [...new Set([...before, ...making])];
  await writeWhole(appliedFileOf(stack), JSON.stringify({ making: names }) + "\n");
}

/** A part of the stack was applied without an error: nothing is half made, and the rest is still to be planned. */
export async function recordPart(stack: StackToRun): Promise<void> {
  await writeWhole(appliedFileOf(stack), JSON.stringify({ making: [] }) + "\n");
}

/** The containers that an apply was making when it was cut off, or failed. */
export async function containersInTheMaking(stack: StackToRun): Promise<readonly string[]> {
  return (await readApplied(stack))?.making ?? [];
}

function appliedFileOf(stack: StackToRun): string {
  return stack.statePath.replace(/\.tfstate$/, "") + ".applied.json";
}

/**
 * Why a stack must be planned by terraform: its text or its state is another than at the last apply, or something on
 * the engine differs that terraform puts right. Undefined when nothing of that is so: then a plan would cost seconds
 * (the provider lists every container per read) and find nothing.
 */
export async function whyToPlan(
  stack: StackToRun,
  configuration: StackConfiguration,
  state: StackState,
  deviations: readonly Deviation[],
): Promise<string | undefined> {
  const applied = await readApplied(stack);
  if (applied?.hash === undefined) return "it was never applied to its end";
  if (applied.hash !== configuration.hash) return "its configuration changed";
  if (applied.stateVersion !== state.version) return "its state was changed by something else";
  const own = deviations.filter(
    ({ stack: of, healing }) => of === stack.name && healing !== "live" && healing !== "nobody",
  );
  const [first] = own;
  return first && `${first.kind} ${first.engineName} is not as it should be`;
}

/**
 * Addresses of containers that are wrong in a way that terraform cannot see, or sees too late:
 * - a carrier that was killed, or refused its text: terraform judges the old exit code while it plans, and gets no
 *   further. One that runs again says whether the text is wrong;
 * - a container that lost a network, say: the provider does not read all back;
 * - the carrier of a container that is gone: whoever took that away may have spoilt its configuration too, and a new
 *   one has no last good text to fall back on.
 * @param deviations of this stack
 * @param named servers that may be made anew, as `role/name`
 */
export function toMakeAgain(
  { objects }: StackConfiguration,
  deviations: readonly Deviation[],
  named: ReadonlySet<string>,
): readonly string[] {
  const own = new Map(objects.map((one) => [one.address, one]));
  const again = deviations.filter(
    (one) =>
      one.healing === "replace" ||
      (one.condition === "differs" && one.healing === "when-named" && named.has(serverKey(one))),
  );
  const absent = deviations.filter(
    (one) => one.class === "drifted" && one.condition === "absent" && one.kind === "container",
  );
  const needed = new Set(absent.flatMap(({ address = "" }) => own.get(address)?.volumes ?? []));
  const gone = new Set(absent.map(({ address }) => address));
  // A carrier bears the name of its volume.
  const carriers = objects.filter(
    ({ kind, role, name, address }) =>
      kind === "container" && role === "config" && needed.has(name) && !gone.has(address),
  );
  const addresses = [...again, ...carriers].flatMap(({ address = "" }) =>
    own.get(address)?.kind === "container" ? [address] : [],
  );
  return [...new Set(addresses)];
}

async function readApplied(stack: StackToRun): Promise<Applied | undefined> {
  const text = await readFile(appliedFileOf(stack), "utf8").catch(() => "");
  try {
    return (JSON.parse(text) as Applied | null) ?? undefined;
  } catch {
    // Absent, or not whole: as good as never applied.
    return undefined;
  }
}
