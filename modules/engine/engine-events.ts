import type { Deviation } from "./deviation.ts";
import type { Engine } from "./docker-engine.ts";
import { RUNS } from "./drift-healing.ts";
import type { Observation } from "./observation.ts";

interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly time: number;
}

/**
 * When each deviation came about, as far as the engine remembers: it keeps its last 256 events, and the times at which a
 * container started and ended.
 * @returns RFC 3339, UTC, to the second
 */
export async function whenItHappened(
  engine: Engine,
  { containers }: Observation,
): Promise<(deviation: Deviation) => string | undefined> {
  const window = ["--since", "168h", "--until", "0s"];
  const { stdout } = await engine.run(["docker", "events", ...window, "--format", "{{json .}}"]);
  const events = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);
  return (deviation) => {
    const container = containers.get(deviation.id ?? "");
    const ended = container?.State.FinishedAt ?? "";
    const stopped = deviation.differences.some(
      ({ fact, actual }) => fact === RUNS && actual !== "paused",
    );
    if (stopped && ended !== "" && !ended.startsWith("0001")) return toSecond(ended);
    if (deviation.condition === "not-in-state" && container) return toSecond(container.Created);
    const actions = actionsOf(deviation);
    const last = events.findLast(
      (event) =>
        actions.some((action) => event.Action.startsWith(action)) && concerns(event, deviation),
    );
    return last && toSecond(new Date(last.time * 1000).toISOString());
  };
}

/** What the engine calls that which brought a deviation about. */
function actionsOf({ condition, differences, class: of }: Deviation): readonly string[] {
  if (of !== "drifted" && of !== "foreign") return [];
  if (condition === "absent") return ["destroy"];
  if (condition === "undeclared") return ["create"];
  const facts = differences.map(({ fact }) => fact);
  return [
    ...(facts.includes(RUNS) ? ["pause"] : []),
    ...(facts.some((fact) => fact.startsWith("network ")) ? ["connect", "disconnect"] : []),
    ...(facts.includes("name") ? ["rename"] : []),
    ...(condition === "differs" ? ["update"] : []),
  ];
}

function concerns(
  { Type, Action, Actor }: EngineEvent,
  { kind, id, engineName, differences }: Deviation,
): boolean {
  const { name, container } = Actor.Attributes;
  if (/^(?:dis)?connect$/.test(Action))
    return container === id && differences.some(({ fact }) => fact === `network ${name}`);
  return Type === kind && (Actor.ID === id || name === engineName || Actor.ID === engineName);
}

function toSecond(time: string): string {
  return `${time.slice(0, 19)}Z`;
}
