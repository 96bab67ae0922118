import type { ChangeAction, ChangeSummary, PlanSummary, StackSummary } from "./plan-summary.ts";

const SIGNS: Readonly<Record<ChangeAction, string>> = {
  destroy: "-",
  replace: "-/+",
  create: "+",
  update: "~",
  adopt: "=",
};
// What takes something away is read first.
const ORDER: readonly ChangeAction[] = ["destroy", "replace", "create", "update", "adopt"];

/** The summary as lines for people: stack by stack, then what it comes to. */
export function planText(summary: PlanSummary): readonly string[] {
  const quiet = summary.stacks.filter(
    ({ outcome }) => outcome === "unchanged" || outcome === "no-changes",
  );
  const loud = summary.stacks.filter((stack) => !quiet.includes(stack));
  return [
    ...loud.flatMap(stackText),
    ...orphanText(summary.orphans),
    ...repairText(summary),
    ...(quiet.length > 0 ? [`No changes: ${quiet.map(({ name }) => name).join(", ")}`] : []),
    totals(summary),
  ];
}

function stackText({ title, id, changes, outcome, reasons }: StackSummary): readonly string[] {
  const head = `${title} (${id})`;
  if (outcome === "failed")
    return [head, ...reasons.map((reason) => `  ! cannot be planned: ${reason}`), ""];
  if (changes.length === 0) return [head, "  ~ outputs only", ""];
  return [head, ...ORDER.flatMap((action) => actionText(action, changes)), ""];
}

/** Things of one kind about which there is nothing else to say share a line: a kecamatan may bring 20 routers. */
function actionText(action: ChangeAction, all: readonly ChangeSummary[]): readonly string[] {
  const changes = all.filter((change) => change.action === action);
  const alike = new Map<string, ChangeSummary[]>();
  for (const change of changes) {
    const key = `${change.noun}|${wordsAfter(change)}`;
    alike.set(key, [...(alike.get(key) ?? []), change]);
  }
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const names = group.map(({ name }) => name).toSorted();
    const noun = group.length === 1 ? first.noun : `${group.length} ${plural(first.noun)}`;
    const of = first.role === "config" && first.type === "docker_container" ? " of" : "";
    const words =
      group.length === 1 ? wordsAfter(first) : wordsAfter(first).replace(" is ", " are ");
    return [`  ${SIGNS[action]} ${noun}${of} ${names.join(", ")}${words}`];
  });
}

function wordsAfter(change: ChangeSummary): string {
  if (isReload(change)) return " (reloaded by what reads it, nothing restarts)";
  if (change.action === "replace")
    return ` is REPLACED (${change.because.join(", ") || "it cannot be changed in place"})`;
  if (change.action === "destroy") return " is REMOVED";
  if (change.action === "adopt") return " is there already: taken into the state";
  return change.detail === "" ? "" : `: ${change.detail}`;
}

/** A carrier brings a new text; what it configures stays up. */
function isReload({ role, type, action }: ChangeSummary): boolean {
  return role === "config" && type === "docker_container" && action === "update";
}

function plural(noun: string): string {
  if (noun === "VPS") return noun;
  const [head = noun, ...rest] = noun.split(" of ");
  return [`${head}s`, ...rest].join(" of ");
}

function orphanText({ remove, adopt, leave }: PlanSummary["orphans"]): readonly string[] {
  const lines = [
    ...remove.map((name) => `  - ${name}: removed first, no state knows it`),
    ...adopt.map((name) => `  = ${name}: kept, taken into the state`),
    ...leave.map((name) => `  ? ${name}: nothing in the inventory asks for it; left alone`),
  ];
  return lines.length === 0 ? [] : ["Left behind by a run that was cut off", ...lines, ""];
}

function repairText({ repairs }: PlanSummary): readonly string[] {
  if (repairs.length === 0) return [];
  return [
    "Put right while it runs, without a restart",
    ...repairs.map(({ what }) => `  ~ ${what}`),
    "",
  ];
}

const TOTALS: Readonly<Record<ChangeAction, string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  destroy: "to remove",
  adopt: "to adopt",
};

function totals({ counts, stacks, repairs, changes }: PlanSummary): string {
  const failed = stacks.filter(({ outcome }) => outcome === "failed").length;
  const parts = Object.entries(TOTALS).flatMap(([action, words]) => {
    const count = counts[action as ChangeAction];
    return count === 0 ? [] : [`${count} ${words}`];
  });
  if (repairs.length > 0) parts.push(`${repairs.length} to put right while it runs`);
  if (failed > 0) parts.push(`${failed} ${failed === 1 ? "stack" : "stacks"} cannot be planned`);
  if (parts.length > 0) return `Plan: ${parts.join(", ")}`;
  return changes
    ? "Plan: leftovers are removed"
    : "No changes: what runs is what the inventory asks for";
}
