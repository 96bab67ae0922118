import { labelOf } from "./docker-objects.ts";
import { shrinking, type Shrinking } from "./host-step-change.ts";
import {
  detailOf,
  nameOf,
  nounOf,
  reasonsOf,
  roleOf,
  type Describe,
} from "./plan-summary-words.ts";
import type { StackToRun } from "./stack-to-run.ts";
import type { ResourceChange } from "./terraform-plan.ts";

/** What an apply would do to one thing. `adopt` takes into the state what already lives. */
export type ChangeAction = "create" | "update" | "replace" | "destroy" | "adopt";

/** One change, in the words of the inventory. */
export interface ChangeSummary {
  readonly action: ChangeAction;
  /** Address in the stack, for those who look into Terraform. */
  readonly address: string;
  /** Terraform type: `docker_container`. */
  readonly type: string;
  /** Role and slug by the labels (DESIGN section 10); empty where a thing carries none. */
  readonly role: string;
  readonly name: string;
  /** `agency router`, `VPS`, `segment`: with the name it is how people call the thing. */
  readonly noun: string;
  /** Size of a new VPS, or what an update changes; empty when the noun says enough. */
  readonly detail: string;
  /** Why it cannot be changed in place, for replacements. */
  readonly because: readonly string[];
  /** A core router: all of the WAN hangs on it. */
  readonly core: boolean;
  /** Whether it is a container that runs at this moment. */
  readonly wasRunning: boolean;
  /** A disk that would have to become smaller. */
  readonly shrinks?: Shrinking;
  /** An apply that did not succeed was making it: it was never handed over to anybody. */
  readonly unfinished: boolean;
}

export interface StackSummary {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** `unchanged`: not even planned, because text, state and engine are as last applied. */
  readonly outcome: "changes" | "no-changes" | "unchanged" | "failed";
  readonly changes: readonly ChangeSummary[];
  /** How many containers it has that run for good, by its state. */
  readonly containers: number;
  /** Why it could not be planned. */
  readonly reasons: readonly string[];
}

/** A thing that is put right by calls to the engine alone. */
export interface Repair {
  readonly stack: string;
  readonly role: string;
  readonly name: string;
  /** The thing and what is the matter with it, in words. */
  readonly what: string;
}

/** Everything that a plan of all stacks would do; what `plan --json` prints. */
export interface PlanSummary {
  readonly kabupaten: string;
  readonly stacks: readonly StackSummary[];
  /** Left behind by a killed run: what is removed, adopted, or left alone, by name on the engine. */
  readonly orphans: {
    readonly remove: readonly string[];
    /** Of the removed: servers at work, which are made anew only when they are named. */
    readonly serving: readonly {
      readonly stack: string;
      readonly role: string;
      readonly name: string;
    }[];
    readonly adopt: readonly string[];
    readonly leave: readonly string[];
  };
  /** What is put right while it runs, without terraform. */
  readonly repairs: readonly Repair[];
  readonly counts: Readonly<Record<ChangeAction, number>>;
  /** Whether an apply would change anything. */
  readonly changes: boolean;
}

/**
 * What Terraform's changes of one stack mean; no-ops and reads are left out.
 * @param making names of the containers that an unfinished apply was to make
 * @param running names of the containers that run at this moment
 */
export function summariseChanges(
  changes: readonly ResourceChange[],
  describe: Describe,
  making: ReadonlySet<string> = new Set(),
  running: ReadonlySet<string> = new Set(),
): readonly ChangeSummary[] {
  return changes.flatMap((change) => {
    const action = actionOf(change);
    if (action === undefined) return [];
    const tainted = change.action_reason === "replace_because_tainted";
    const unfinished = tainted && making.has(change.change.before?.name ?? "");
    const wasRunning = running.has(change.change.before?.name ?? "");
    return [{ ...summarise(change, action, describe), wasRunning, unfinished }];
  });
}

function actionOf({
  mode,
  change: { actions, importing },
}: ResourceChange): ChangeAction | undefined {
  if (mode === "data") return undefined;
  const does = (action: (typeof actions)[number]): boolean => actions.includes(action);
  if (does("create") && does("delete")) return "replace";
  if (does("create")) return "create";
  if (does("delete")) return "destroy";
  if (does("update")) return "update";
  return importing === undefined ? undefined : "adopt";
}

function summarise(
  change: ResourceChange,
  action: ChangeAction,
  describe: Describe,
): Omit<ChangeSummary, "unfinished" | "wasRunning"> {
  const { before, after } = change.change;
  // What exists now has a say before what a request wants to call it: the guard reads this role.
  const attributes = before ?? after ?? {};
  const role = roleOf(attributes);
  const name = labelOf(attributes, "name") || nameOf(change, attributes);
  const described = change.type === "docker_container" ? describe(role, name) : undefined;
  const shrinks = shrinking(change);
  return {
    action: action === "replace" && isRedone(change.type, role) ? "update" : action,
    address: change.address,
    type: change.type,
    role,
    name,
    noun: described?.noun ?? nounOf(change.type, role),
    core: described?.core === true || (role === "router" && name.startsWith("core-")),
    detail: detailOf(change, action, described),
    because: action === "replace" ? reasonsOf(change) : [],
    ...(shrinks !== undefined && { shrinks }),
  };
}

/** What Terraform can only replace to do it again: nothing that runs goes away for it (DESIGN section 5). */
function isRedone(type: string, role: string): boolean {
  return type === "terraform_data" || (type === "docker_container" && role === "config");
}

/** Counts and outcome of stacks that were summarised one by one. */
export function summarisePlan(
  kabupaten: string,
  stacks: readonly StackSummary[],
  orphans: PlanSummary["orphans"],
  repairs: readonly Repair[] = [],
): PlanSummary {
  const counts = { create: 0, update: 0, replace: 0, destroy: 0, adopt: 0 };
  for (const { action } of stacks.flatMap(({ changes }) => changes)) counts[action] += 1;
  const changes =
    stacks.some(({ outcome }) => outcome === "changes") ||
    orphans.remove.length > 0 ||
    repairs.length > 0;
  return { kabupaten, stacks, orphans, repairs, counts, changes };
}

/** A stack's head, for every outcome. */
export function stackHead({
  id,
  name,
  title,
}: StackToRun): Pick<StackSummary, "id" | "name" | "title"> {
  return { id, name, title };
}
