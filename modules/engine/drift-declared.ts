import { containerFacts } from "./container-facts.ts";
import { declaredContainerFacts, type HostLimitOptions } from "./declared-container.ts";
import { WITH_DATA, type Deviation } from "./deviation.ts";
import { containerHealing, RUNS } from "./drift-healing.ts";
import { compareFacts, type FactDifference, type Facts } from "./facts.ts";
import { appliedOptions } from "./host-step-call.ts";
import { declaredNetworkFacts, networkFacts } from "./network-facts.ts";
import type { Observation } from "./observation.ts";
import type { DeclaredObject, StackConfiguration } from "./stack-configuration.ts";
import type { StackState, StateResource } from "./stack-state.ts";
import type { Attributes } from "./terraform-attributes.ts";
import { declaredVolumeFacts, volumeFacts } from "./volume-facts.ts";

/** One stack as it is declared and as its state knows it. */
export interface KnownStack {
  readonly name: string;
  readonly configuration: StackConfiguration;
  readonly state: StackState;
}

/** What is on the engine in the place of a declared thing. */
export interface Found {
  readonly id: string;
  /** Whether it carries the kabupaten's labels. */
  readonly labelled: boolean;
}

/** The engine, and the ids of those of its networks that may stay, by name. */
export interface Seen {
  readonly observation: Observation;
  readonly networks: ReadonlyMap<string, string>;
}

type Core = Pick<Deviation, "stack" | "kind" | "role" | "name" | "engineName" | "address">;

/** The deviations of a declared thing that is on the engine, and that the state knows. */
export function deviationsOf(
  stack: KnownStack,
  declared: DeclaredObject,
  found: Found,
  { observation, networks }: Seen,
): readonly Deviation[] {
  const known = stack.state.resources.find(({ address }) => address === declared.address);
  const core = coreOf(stack.name, declared);
  if (known === undefined)
    return [
      {
        ...core,
        id: found.id,
        class: "merged-not-applied",
        condition: "differs",
        differences: [],
        healing: "terraform",
      },
    ];
  const sides = sidesOf(stack, declared, known, found.id, { observation, networks });
  const pending = compareFacts(sides.planned, sides.applied);
  // What the plan has moved on from is expected as it was applied: nobody changed the engine there.
  const expected = new Map(sides.planned);
  for (const { fact, actual } of pending)
    if (actual === undefined) expected.delete(fact);
    else expected.set(fact, actual);
  const changed = compareFacts(expected, sides.actual);
  const deviation = (
    of: "drifted" | "merged-not-applied",
    differences: readonly FactDifference[],
  ) => ({
    ...core,
    id: found.id,
    class: of,
    condition: "differs" as const,
    differences,
    healing: healingOf(of, declared, differences),
  });
  return [
    ...(changed.length > 0 ? [deviation("drifted", changed)] : []),
    ...(pending.length > 0 ? [deviation("merged-not-applied", pending)] : []),
  ];
}

export function coreOf(stack: string, { kind, role, slug, name, address }: DeclaredObject): Core {
  return { stack, kind, role, name: slug || name, engineName: name, address };
}

/** Facts of the same thing in git, in the state, and on the engine. */
interface Sides {
  readonly planned: Facts;
  readonly applied: Facts;
  readonly actual: Facts;
}

function sidesOf(
  stack: KnownStack,
  declared: DeclaredObject,
  known: StateResource,
  id: string,
  { observation, networks }: Seen,
): Sides {
  const planned = withKept(declared, known.attributes);
  if (declared.kind === "volume")
    return {
      planned: declaredVolumeFacts(planned),
      applied: declaredVolumeFacts(known.attributes),
      actual: volumeFacts(observation.volumes.get(id)!),
    };
  if (declared.kind === "network") {
    const actual = networkFacts(observation.networks.get(id)!);
    return {
      planned: declaredNetworkFacts(planned, actual),
      applied: declaredNetworkFacts(known.attributes, actual),
      actual,
    };
  }
  const { images, containers } = observation;
  const limits = limitsOf(stack, declared.name);
  const one = containers.get(id)!;
  // Made ready, and started by a drill or a disaster: whether it runs is not the plan's to say.
  const isStandby = declared.attributes["start"] === false;
  const found = stateFound(one.State, declared.role);
  const applied = declaredContainerFacts(known.attributes, images, limits.applied);
  return {
    planned: withState(
      declaredContainerFacts(planned, images, limits.planned),
      isStandby ? found : stateWanted(declared),
    ),
    applied: withState(
      applied,
      isStandby
        ? found
        : stateWanted({ ...declared, mustRun: known.attributes["must_run"] !== false }),
    ),
    actual: withState(containerFacts(one, networks), found),
  };
}

/** The attributes that are asked for, but for those that keep the value they were made with. */
function withKept({ attributes, kept }: DeclaredObject, applied: Attributes): Attributes {
  return { ...attributes, ...Object.fromEntries(kept.map((key) => [key, applied[key]])) };
}

function limitsOf(
  { configuration, state }: KnownStack,
  container: string,
): { readonly planned: HostLimitOptions; readonly applied: HostLimitOptions } {
  const call = configuration.steps.find((one) => one.step === "limits" && one.target === container);
  if (call === undefined) return { planned: undefined, applied: undefined };
  const ran = state.resources.find(({ address }) => address === call.address);
  return { planned: call.options, applied: appliedOptions(call, ran?.attributes) };
}

function withState(facts: Facts, state: string): Facts {
  return new Map([...facts, [RUNS, state]]);
}

/** A carrier runs once and must have ended well. */
function stateWanted({ mustRun, role }: Pick<DeclaredObject, "mustRun" | "role">): string {
  if (mustRun) return "running";
  return role === "config" ? "done" : "stopped";
}

function stateFound(
  { Status, ExitCode }: { readonly Status: string; readonly ExitCode: number },
  role: string,
): string {
  if (Status !== "exited") return role !== "config" && Status === "created" ? "stopped" : Status;
  if (role !== "config") return "stopped";
  return ExitCode === 0 ? "done" : `ended with exit code ${ExitCode}`;
}

function healingOf(
  of: "drifted" | "merged-not-applied",
  { kind, role }: DeclaredObject,
  differences: readonly FactDifference[],
): Deviation["healing"] {
  if (kind === "container") return containerHealing(of, role, differences);
  // The engine changes neither networks nor volumes: another one stands there, and terraform makes it anew.
  return kind === "volume" && WITH_DATA.has(role) ? "nobody" : "terraform";
}
