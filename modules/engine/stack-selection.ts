import type { Diagnostic } from "../core/diagnostic.ts";
import type { StackConfiguration } from "./stack-configuration.ts";
import type { StackState } from "./stack-state.ts";
import { labelOf, type LabelledAttributes } from "./docker-objects.ts";

/** A stack, or one thing in it by its slug: what `--only` names, as `backbone` or `backbone/core-pusat-data`. */
export interface Selection {
  readonly stack: string;
  readonly name?: string;
}

/** `STACK` or `STACK/NAME`. */
export function parseSelection(text: string): Selection {
  const [stack = "", name] = text.split("/", 2);
  return name === undefined ? { stack } : { stack, name };
}

export function isSelectedStack(only: readonly Selection[], stack: string): boolean {
  return only.length === 0 || only.some((one) => one.stack === stack);
}

/** Whether a thing of a stack is among those that a run is limited to. */
export function isSelected(
  only: readonly Selection[],
  { stack, name }: { readonly stack: string; readonly name: string },
): boolean {
  return (
    only.length === 0 ||
    only.some((one) => one.stack === stack && (one.name === undefined || one.name === name))
  );
}

/** Selections that name no stack, or nothing in it. */
export function unknownSelections(
  only: readonly Selection[],
  configurations: ReadonlyMap<string, StackConfiguration>,
): readonly Selection[] {
  return only.filter(({ stack, name }) => {
    const configuration = configurations.get(stack);
    if (configuration === undefined) return true;
    return name !== undefined && !configuration.objects.some(({ slug }) => slug === name);
  });
}

export function selectsNothing({ stack, name }: Selection): Diagnostic {
  return {
    id: "unknown-selection",
    severity: "error",
    what: name === undefined ? `there is no stack ${stack}` : `stack ${stack} holds no ${name}`,
    why: "what is named on the command line must be in the plan: a slip would leave undone what was meant",
    fix: "simpul plan shows the stacks and what is in them",
  };
}

/**
 * Addresses of the things that a run is limited to in one stack: by the slug, what the state still holds of it too.
 * Empty where the whole stack is meant.
 */
export function targetsOf(
  only: readonly Selection[],
  stack: string,
  { objects, steps }: StackConfiguration,
  { resources }: StackState,
): readonly string[] {
  const names = only.filter((one) => one.stack === stack).map(({ name }) => name);
  if (names.length === 0 || names.includes(undefined)) return [];
  const meant = objects.filter(({ slug }) => names.includes(slug));
  const engineNames = new Set(meant.map(({ name }) => name));
  const held = resources.filter(({ attributes }) =>
    names.includes(labelOf(attributes as LabelledAttributes, "name")),
  );
  return [
    ...new Set([
      ...meant.map(({ address }) => address),
      ...steps.filter(({ target }) => engineNames.has(target)).map(({ address }) => address),
      ...held.map(({ address }) => address),
    ]),
  ];
}
