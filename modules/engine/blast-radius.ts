import type { Diagnostic } from "../core/diagnostic.ts";
import type { Permissions } from "./change-guard.ts";
import type { ChangeSummary, PlanSummary, StackSummary } from "./plan-summary.ts";

/** Share of a stack's running containers that one run may replace or remove. */
const SHARE = 0.2;
/** Below that many containers a stack is one small failure domain: a share of it means nothing. */
const SMALLEST = 5;

interface Hit {
  readonly stack: StackSummary;
  readonly change: ChangeSummary;
}

/**
 * Refuses what would take away too much at once: more than a fifth of a stack of five or more, or a core router together
 * with anything else: an image update of the whole kabupaten would cut everybody off. What is down already loses nothing
 * and is not counted; what is made for the first time neither, nor what somebody allowed by name.
 * @returns one error with the whole list, for each reason
 */
export function guardBlastRadius(
  summary: PlanSummary,
  { replace, destroy }: Pick<Permissions, "replace" | "destroy">,
): readonly Diagnostic[] {
  const isNamed = ({ role, name }: ChangeSummary): boolean =>
    replace.has(`${role}/${name}`) || destroy.has(`${role}/${name}`);
  const hits = summary.stacks.flatMap((stack) =>
    stack.changes
      .filter((change) => takesAway(change) && !isNamed(change))
      .map((change) => ({ stack, change })),
  );
  return [...tooMuchOfAStack(hits), ...coreWithOthers(hits)];
}

/** Whether something that runs and serves goes away, if only for a moment. */
function takesAway({ action, type, role, wasRunning }: ChangeSummary): boolean {
  const goes = action === "replace" || action === "destroy";
  return goes && type === "docker_container" && role !== "config" && wasRunning;
}

function tooMuchOfAStack(hits: readonly Hit[]): readonly Diagnostic[] {
  const stacks = new Set(hits.map(({ stack }) => stack));
  return [...stacks].flatMap((stack) => {
    const own = hits.filter((hit) => hit.stack === stack);
    const allowed = Math.floor(stack.containers * SHARE);
    if (stack.containers < SMALLEST || own.length <= allowed) return [];
    const some = own.slice(0, allowed).map(keyOf);
    return [
      refusal(
        `the plan would take away ${own.length} of ${stack.containers} containers of ${stack.name} at once: ${list(own)}`,
        `more than ${SHARE * 100} % of a stack at a time is an outage, not a change`,
        `go on in parts, and verify between them: simpul deploy ${onlyWords(some)}, then simpul verify wan, and so on`,
      ),
    ];
  });
}

function coreWithOthers(hits: readonly Hit[]): readonly Diagnostic[] {
  const cores = hits.filter(({ change }) => change.core);
  const [first] = cores;
  if (first === undefined || hits.length === 1) return [];
  return [
    refusal(
      `the plan would take away core router ${cores.map(({ change }) => change.name).join(", ")} together with others: ${list(hits)}`,
      "while a core router is away the other one carries everything: nothing else may be missing then",
      `one at a time: simpul deploy ${onlyWords([keyOf(first)])}, then simpul verify wan, then the next`,
    ),
  ];
}

function refusal(what: string, why: string, way: string): Diagnostic {
  const fix = `${way}; or all of it at once, with an outage that was announced: --allow-blast`;
  return { id: "blast-radius", severity: "error", what, why, fix };
}

function keyOf({ stack, change }: Hit): string {
  return `${stack.name}/${change.name}`;
}

function onlyWords(keys: readonly string[]): string {
  return keys.map((key) => `--only ${key}`).join(" ");
}

function list(hits: readonly Hit[]): string {
  return hits.map(({ change }) => `${change.noun} ${change.name}`).join(", ");
}
