import { bytes } from "./byte-words.ts";
import { mapAt, type Attributes } from "./terraform-attributes.ts";
import type { ResourceChange } from "./terraform-plan.ts";

const STEP = /^vps-(.+)-(disk|limits|packages)_step/;

/** A change of a VPS that no restart and no new container comes with: `disk 1 GiB -> 2 GiB, while it runs`. */
export function stepWords(change: ResourceChange): string {
  const [, , step] = STEP.exec(change.name) ?? [];
  const [before, after] = [triggersOf(change.change.before), triggersOf(change.change.after)];
  if (step === "packages") return packageWords(before.get("1"), after.get("1"));
  const [what, at] = step === "disk" ? ["disk", "0"] : ["cpu", "1"];
  const [from, to] = [before.get(at), after.get(at)];
  if (step === undefined || from === undefined || to === undefined || from === to)
    return change.change.before === null ? "" : "runs again";
  const shown = (value: string): string => (step === "disk" ? bytes(Number(value)) : value);
  return `${what} ${shown(from)} -> ${shown(to)}, while it runs`;
}

/** A disk that is to become smaller, which none can. */
export interface Shrinking {
  /** Slug of the VPS. */
  readonly vps: string;
  readonly fromBytes: number;
  readonly toBytes: number;
}

/** Whether a step would make a VPS's disk smaller. */
export function shrinking({ name, change }: ResourceChange): Shrinking | undefined {
  const [, vps = "", step] = STEP.exec(name) ?? [];
  const fromBytes = Number(triggersOf(change.before).get("0"));
  const toBytes = Number(triggersOf(change.after).get("0"));
  return step === "disk" && toBytes < fromBytes ? { vps, fromBytes, toBytes } : undefined;
}

function packageWords(before = "", after = ""): string {
  const [had, has] = [before.split(","), after.split(",")];
  const added = has.filter((name) => name !== "" && !had.includes(name));
  const dropped = had.filter((name) => name !== "" && after !== "" && !has.includes(name));
  const words = [
    ...(added.length > 0 ? [`installs ${added.join(", ")}`] : []),
    ...(dropped.length > 0 ? [`${dropped.join(", ")} goes with the next rebuild`] : []),
  ];
  return words.length > 0 ? words.join("; ") : "runs again";
}

function triggersOf(attributes: Attributes | null): ReadonlyMap<string, string> {
  return new Map(attributes === null ? [] : mapAt(attributes, "triggers_replace"));
}
