import { LABEL } from "../plan/engine-names.ts";
import { answerOf, type Engine } from "./docker-engine.ts";

export type ObjectKind = "container" | "network" | "volume";

/** A container, network or volume that carries our labels (DESIGN section 10). */
export interface EngineObject {
  readonly kind: ObjectKind;
  /** The engine's id; a volume's is its name. */
  readonly id: string;
  readonly name: string;
  /** Of containers: `running`, `exited`, `created`, ...; else empty. */
  readonly state: string;
  readonly labels: ObjectLabels;
}

/** Values of the labels `id.go.simpul.*`; empty when absent. */
export interface ObjectLabels {
  readonly stack: string;
  readonly role: string;
  readonly name: string;
  readonly config: string;
}

/** Value of one of our labels in a resource's attributes; empty when absent. */
export function labelOf(attributes: LabelledAttributes, label: string): string {
  const { labels } = attributes;
  // Other resource types have labels of another form, or none.
  if (!Array.isArray(labels)) return "";
  return (labels as readonly Label[]).find((one) => one.label === `${LABEL}.${label}`)?.value ?? "";
}

export interface Label {
  readonly label: string;
  readonly value: string;
}
export interface LabelledAttributes {
  readonly labels?: readonly Label[] | undefined;
}

/** Everything of one kabupaten on the engine, by one list call per kind. */
export async function listObjects(
  engine: Engine,
  kabupaten: string,
): Promise<readonly EngineObject[]> {
  const filter = ["--filter", `label=${LABEL}.kabupaten=${kabupaten}`, "--format"];
  const lists = await Promise.all([
    list(engine, "container", ["docker", "ps", "--all", "--no-trunc", ...filter, CONTAINER]),
    list(engine, "network", ["docker", "network", "ls", "--no-trunc", ...filter, NETWORK]),
    list(engine, "volume", ["docker", "volume", "ls", ...filter, VOLUME]),
  ]);
  return lists.flat();
}

// `{{json .}}` would give all labels as one text joined by commas, which values may contain.
const LABELS = ["stack", "role", "name", "config"]
  .map((label) => `"${label}":{{json (.Label "${LABEL}.${label}")}}`)
  .join(",");
const CONTAINER = `{"id":{{json .ID}},"name":{{json .Names}},"state":{{json .State}},"labels":{${LABELS}}}`;
const NETWORK = `{"id":{{json .ID}},"name":{{json .Name}},"labels":{${LABELS}}}`;
const VOLUME = `{"id":{{json .Name}},"name":{{json .Name}},"labels":{${LABELS}}}`;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly state?: string;
  readonly labels: ObjectLabels;
}

async function list(
  engine: Engine,
  kind: ObjectKind,
  argv: readonly string[],
): Promise<readonly EngineObject[]> {
  const lines = (await answerOf(engine, argv)).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const row = JSON.parse(line) as Row;
    return { ...row, kind, state: row.state ?? "" };
  });
}

/**
 * Removes objects, containers first, then networks, then volumes; what is already gone is no error. Containers are
 * told to stop and get `graceSeconds` for it, unless that is 0.
 * @returns what could not be removed, in the engine's words
 */
export async function removeObjects(
  engine: Engine,
  objects: readonly EngineObject[],
  graceSeconds: number,
): Promise<readonly string[]> {
  const ids = (kind: ObjectKind) => objects.filter((one) => one.kind === kind).map(({ id }) => id);
  const refusals: string[] = [];
  const remove = async (argv: readonly string[], targets: readonly string[]) => {
    // By the hundred: one command line is bounded, one command per object costs a process each.
    for (let start = 0; start < targets.length; start += 100) {
      const { code, stderr } = await engine.run([...argv, ...targets.slice(start, start + 100)]);
      if (code !== 0) refusals.push(...stderr.split("\n").filter((line) => isRefusal(line)));
    }
  };
  if (graceSeconds > 0)
    await remove(["docker", "stop", "--time", `${graceSeconds}`], ids("container"));
  // --volumes takes anonymous volumes with the container; named ones stay.
  await remove(["docker", "rm", "--force", "--volumes"], ids("container"));
  await remove(["docker", "network", "rm"], ids("network"));
  await remove(["docker", "volume", "rm"], ids("volume"));
  return refusals;
}

function isRefusal(line: string): boolean {
  return (
    line.trim() !== "" &&
    !/no such (?:container|network|volume)|not found|already in progress/i.test(line)
  );
}
