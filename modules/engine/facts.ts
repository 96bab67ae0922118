import type { Label } from "./docker-objects.ts";
import { LABEL } from "../plan/engine-names.ts";
import { blocksAt, type Attributes } from "./terraform-attributes.ts";

/** What can be compared about one object, in words: `memory` is `512 MiB`, `network …-backbone-a` is `10.64.0.1, fd…`. */
export type Facts = ReadonlyMap<string, string>;

/** A fact that is not as it should be; undefined where it should not be, or is not, at all. */
export interface FactDifference {
  readonly fact: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** Stands for any value: the engine chooses it. */
export const ANY = "any";

/** Facts whose values differ, or that only one side has; sorted by their words. */
export function compareFacts(expected: Facts, actual: Facts): readonly FactDifference[] {
  const names = [...new Set([...expected.keys(), ...actual.keys()])].toSorted();
  return names.flatMap((fact) => {
    const [wanted, present] = [expected.get(fact), actual.get(fact)];
    const same = wanted === present || (wanted === ANY && present !== undefined);
    return same ? [] : [{ fact, expected: wanted, actual: present }];
  });
}

/** A limit in binary units, as the inventory writes sizes; zero and less is none. */
export function limitText(count: number, unit: "MiB" | "" = ""): string {
  return count <= 0 ? "unlimited" : `${Number(count.toFixed(3))} ${unit}`.trim();
}

/** Lists whose order means nothing. */
export function unordered(values: readonly string[]): string {
  return values.toSorted().join(", ") || "none";
}

export function ordered(values: readonly string[]): string {
  return values.join(" ") || "none";
}

/** Our labels, and no others: an engine or a person may add theirs. */
export function labelFacts(labels: Iterable<readonly [string, string]>): [string, string][] {
  return [...labels].flatMap(([label, value]): [string, string][] =>
    label.startsWith(`${LABEL}.`) ? [[`label ${label.slice(LABEL.length + 1)}`, value]] : [],
  );
}

/** Labels as terraform writes them. */
export function labelPairs(attributes: Attributes): readonly (readonly [string, string])[] {
  return (blocksAt(attributes, "labels") as unknown as readonly Label[]).map(
    ({ label, value }) => [label, value] as const,
  );
}
