import type { EngineObject } from "./docker-objects.ts";
import type { DeclaredObject, StackConfiguration } from "./stack-configuration.ts";
import type { StackState } from "./stack-state.ts";

/** What lives on an engine without any state knowing it: a run was killed between creating it and writing its state. */
export interface Orphans {
  /** Removed before the apply; terraform makes them anew. */
  readonly remove: readonly EngineObject[];
  /**
   * Those of `remove` that are somebody's server at work, and that no cut-off run was making: their state was lost. To
   * make them anew needs leave by name.
   */
  readonly serving: readonly EngineObject[];
  /** Taken into the state of the stack that declares them: stack name -> address -> the engine's id. */
  readonly adopt: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Left alone: nothing declares them and they may hold somebody's work. */
  readonly leave: readonly EngineObject[];
}

/** Roles whose containers or volumes hold work that cannot be made again from the plan. */
const HOLDS_WORK = new Set(["vps", "colocation", "database-standby"]);

/**
 * Sorts out what no state knows. `making` names the containers that an unfinished apply was to make.
 *
 * - A volume or network that a stack declares is adopted: import is exact for both, and an adopted volume keeps its
 *   data, an adopted network the containers on it.
 * - A container cannot be adopted: the provider reads back neither labels, networks nor volumes of an imported one, so
 *   the plan would replace it anyway. It is removed, and made anew where it is declared. For a VPS that is an
 *   interruption, after which only its volume is as before: nobody's where a run was cut off while it made the VPS,
 *   else only by its name (change-guard.ts).
 * - A VPS, or any volume, that nothing declares is left alone and reported; only `destroy` takes it.
 * - What carries no stack label was not made by a stack (a restore's scratch container, say): not ours to judge.
 */
export function findOrphans(
  live: readonly EngineObject[],
  states: ReadonlyMap<string, Pick<StackState, "ids" | "addresses">>,
  configurations: ReadonlyMap<string, StackConfiguration>,
  making: ReadonlySet<string> = new Set(),
): Orphans {
  const known = new Set([...states.values()].flatMap(({ ids }) => [...ids]));
  const strangers = live.filter(({ id, labels }) => !known.has(id) && labels.stack !== "");
  const remove: EngineObject[] = [];
  const leave: EngineObject[] = [];
  const adopt = new Map<string, Map<string, string>>();
  for (const object of strangers) {
    const [stack, declared] = whoDeclares(object, configurations) ?? [];
    if (object.kind === "container") {
      const keep = declared === undefined && HOLDS_WORK.has(object.labels.role);
      (keep ? leave : remove).push(object);
    } else if (
      stack !== undefined &&
      declared !== undefined &&
      !states.get(stack)?.addresses.has(declared.address)
    ) {
      adopt.set(
        stack,
        (adopt.get(stack) ?? new Map<string, string>()).set(declared.address, object.id),
      );
    } else {
      // Where the state has another network at that address, this one only stands in the way.
      (object.kind === "network" ? remove : leave).push(object);
    }
  }
  const serving = remove.filter(
    ({ name, state, labels }) =>
      HOLDS_WORK.has(labels.role) && state === "running" && !making.has(name),
  );
  return { remove, serving, adopt, leave };
}

function whoDeclares(
  object: EngineObject,
  configurations: ReadonlyMap<string, StackConfiguration>,
): readonly [string, DeclaredObject] | undefined {
  for (const [stack, { objects }] of configurations) {
    const declared = objects.find(({ kind, name }) => kind === object.kind && name === object.name);
    if (declared !== undefined) return [stack, declared];
  }
  return undefined;
}

/** Names of the stacks that must be planned because something of theirs is an orphan. */
export function stacksWithOrphans(
  { remove, adopt }: Orphans,
  configurations: ReadonlyMap<string, StackConfiguration>,
): ReadonlySet<string> {
  const removed = remove.flatMap((object) => whoDeclares(object, configurations)?.[0] ?? []);
  return new Set([...adopt.keys(), ...removed]);
}
