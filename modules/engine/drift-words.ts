import type { Diagnostic, Place } from "../core/diagnostic.ts";
import { networkOf } from "./container-facts.ts";
import { serverKey, type Deviation, type DriftClass } from "./deviation.ts";
import { DISK } from "./drift-disks.ts";
import { RUNS } from "./drift-healing.ts";
import { ANY, type FactDifference } from "./facts.ts";
import { nounOf, type Describe } from "./plan-summary-words.ts";

/** What the words of a deviation are made from. */
export interface DriftWords {
  readonly kabupaten: string;
  readonly describe: Describe;
  readonly placeOf: (role: string, name: string) => Place | undefined;
  /** When the engine saw it happen (RFC 3339, UTC); undefined when it cannot tell. */
  readonly since: (deviation: Deviation) => string | undefined;
}

const KINDS: Readonly<Record<DriftClass, Pick<Diagnostic, "id" | "severity" | "why">>> = {
  drifted: {
    id: "drifted",
    severity: "error",
    why: "the engine was changed past the plan: what was verified no longer holds",
  },
  "merged-not-applied": {
    id: "merged-not-applied",
    severity: "warning",
    why: "the inventory moved on; what runs is what was applied before",
  },
  "applied-not-in-git": {
    id: "applied-not-in-git",
    severity: "warning",
    why: "the inventory no longer asks for it, and it still takes addresses and memory",
  },
  foreign: {
    id: "foreign",
    severity: "error",
    why: "neither the inventory nor a state knows it: nobody plans, limits or verifies it",
  },
};

/** A deviation in the words of the inventory: the thing, what was expected, what is, and what a deploy does about it. */
export function deviationFinding(deviation: Deviation, words: DriftWords): Diagnostic {
  const at = words.placeOf(deviation.role, deviation.name);
  const when = words.since(deviation);
  const since = when === undefined ? "" : ` (since ${when})`;
  return {
    ...KINDS[deviation.class],
    ...(at !== undefined && { at }),
    what: `${thing(deviation, words)} ${matter(deviation, words.kabupaten)}${since}`,
    fix: remedy(deviation),
  };
}

/** `agency router dinas-kesehatan (Dinas Kesehatan)` */
export function thing(
  { kind, role, name, condition }: Deviation,
  { describe }: Pick<DriftWords, "describe">,
): string {
  if (condition === "attached" || role === "") return `${kind} ${name}`;
  const described = kind === "container" ? describe(role, name) : undefined;
  const noun = described?.noun ?? nounOf(`docker_${kind}`, role);
  const title = described?.title === undefined ? "" : ` (${described.title})`;
  return `${noun}${noun === "configuration" ? " of" : ""} ${name}${title}`;
}

/** What is the matter with it: `is paused; has memory 256 MiB, not 512 MiB`. */
export function matter(deviation: Deviation, kabupaten: string): string {
  const { condition, class: of, differences, stack } = deviation;
  if (condition === "absent") return of === "drifted" ? "is gone" : "is not there yet";
  if (condition === "not-in-state")
    return `is there, but was not made by ${stack}: its state does not know it`;
  if (condition === "attached")
    return `is none of ${kabupaten}'s, and is on ${differences.map(({ fact }) => place(fact, kabupaten)).join(", ")}`;
  if (condition === "undeclared")
    return of === "foreign"
      ? `carries the labels of ${kabupaten}`
      : "left the inventory and is still there";
  const telling = differences.filter(({ fact }) => fact !== "label config");
  // The hash stands for all that the engine does not let anybody read; alone it is all there is to say.
  if (telling.length === 0)
    return of === "drifted" ? "has another configuration" : "has a new configuration";
  return telling.map((one) => difference(one, kabupaten, of)).join("; ");
}

function difference(one: FactDifference, kabupaten: string, of: DriftClass): string {
  const { fact, expected, actual } = one;
  if (fact === RUNS)
    return expected === "running" ? `is ${actual}` : `is ${actual}, not ${expected}`;
  if (fact === DISK.mounted) return `is ${actual}`;
  if (networkOf(fact) !== undefined) return networkWords(one, kabupaten);
  if (actual === undefined)
    return `has no ${fact}${expected === undefined ? "" : ` (${expected})`}`;
  if (expected === undefined) return `has ${fact}, which nothing asks for (${actual})`;
  return of === "drifted"
    ? `has ${fact} ${actual}, not ${expected}`
    : `has ${fact} ${actual}, and is to have ${expected}`;
}

function networkWords({ fact, expected, actual }: FactDifference, kabupaten: string): string {
  const where = place(fact, kabupaten);
  const planned = expected === ANY || expected === undefined ? "" : ` with ${expected}`;
  if (actual === undefined) return `is not on ${where}${planned}`;
  if (expected === undefined) return `is on ${where} (${actual}), where it must not be`;
  return `is on ${where} with ${actual}, not with ${expected}`;
}

/** `segment backbone-a` for `network simpul-uji-router-backbone-a`; another's network as it is called. */
function place(fact: string, kabupaten: string): string {
  const network = networkOf(fact) ?? fact;
  const [, slug] = new RegExp(`^simpul-${kabupaten}-(?:router|gateway)-(.+)$`).exec(network) ?? [];
  return slug === undefined ? `network ${network}` : `segment ${slug}`;
}

function remedy(deviation: Deviation): string {
  const { healing, class: of, condition, kind, engineName } = deviation;
  if (healing === "live") return "simpul deploy puts it right while it runs, without a restart";
  if (healing === "replace") return "simpul deploy makes it anew: it is stateless";
  if (healing === "when-named") return whenNamed(deviation);
  if (healing === "terraform") {
    if (of === "foreign") return "simpul deploy removes it: a run that was cut off left it behind";
    if (of === "applied-not-in-git")
      return "simpul deploy removes it; to keep it, take its file back from git";
    if (of === "merged-not-applied") return "simpul deploy applies it; simpul plan shows how";
    return condition === "not-in-state"
      ? "simpul deploy takes it into the state, or makes it anew"
      : "simpul deploy makes it anew";
  }
  if (condition === "attached")
    return `a deploy leaves it alone; docker network disconnect ${differenceNetwork(deviation)} ${engineName} takes it off`;
  if (of === "foreign")
    return `a deploy leaves it alone; docker ${kind} rm${kind === "container" ? " --force" : ""} ${engineName} removes it, with what it holds`;
  if (condition === "not-in-state")
    return `it carries none of our labels, so a deploy leaves it alone: docker ${kind} rm ${engineName}, then simpul deploy`;
  return "a deploy cannot mend what may hold data: bring it back from backup, or undo by hand what was done";
}

function whenNamed(deviation: Deviation): string {
  const key = serverKey(deviation);
  return deviation.class === "applied-not-in-git"
    ? `simpul deploy --destroy ${key} removes it with its data; a VPS leaves by \`state: archived\``
    : `it cannot be put right while it runs: simpul deploy --replace ${key} makes it anew, its volume kept`;
}

function differenceNetwork({ differences: [first] }: Deviation): string {
  return networkOf(first?.fact ?? "") ?? "";
}
