import type { ContainerInspect, ImageDefaults } from "./container-inspect.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import { listObjects, type EngineObject } from "./docker-objects.ts";
import { observeDisks, type DiskObservation } from "./host-disks.ts";
import type { NetworkInspect } from "./network-facts.ts";
import type { DeclaredObject } from "./stack-configuration.ts";
import { textAt } from "./terraform-attributes.ts";
import type { VolumeInspect } from "./volume-facts.ts";

/** One kabupaten's engine at one moment, read by one list call and parallel inspects (DESIGN section 12). */
export interface Observation {
  /** What carries the kabupaten's labels. */
  readonly objects: readonly EngineObject[];
  /** Labelled ones, and those that bear a declared name without its labels; by id. */
  readonly containers: ReadonlyMap<string, ContainerInspect>;
  readonly networks: ReadonlyMap<string, NetworkInspect>;
  /** By name, which is a volume's id. */
  readonly volumes: ReadonlyMap<string, VolumeInspect>;
  readonly images: ReadonlyMap<string, ImageDefaults>;
  /** Size-limited volumes on the engine's host, by name. */
  readonly disks: ReadonlyMap<string, DiskObservation>;
}

/** Reads everything that can be compared with what the stacks declare. Changes nothing. */
export async function observe(
  engine: Engine,
  kabupaten: string,
  declared: readonly DeclaredObject[],
): Promise<Observation> {
  const objects = await listObjects(engine, kabupaten);
  const listed = new Set(objects.map(({ kind, name }) => `${kind} ${name}`));
  const wanted = (kind: DeclaredObject["kind"]): readonly string[] => [
    ...objects.filter((one) => one.kind === kind).map(({ id }) => id),
    ...declared
      .filter((one) => one.kind === kind && !listed.has(`${kind} ${one.name}`))
      .map(({ name }) => name),
  ];
  const declaredImages = declared.map(({ attributes }) => textAt(attributes, "image"));
  const [containers, networks, volumes, disks] = await Promise.all([
    inspect<ContainerInspect>(engine, "container", wanted("container")),
    inspect<NetworkInspect>(engine, "network", wanted("network")),
    inspect<VolumeInspect>(engine, "volume", wanted("volume")),
    observeDisks(engine),
  ]);
  const images = new Set([...declaredImages, ...containers.map(({ Image }) => Image)]);
  return {
    objects,
    containers: new Map(containers.map((one) => [one.Id, one])),
    networks: new Map(networks.map((one) => [one.Id, one])),
    volumes: new Map(volumes.map((one) => [one.Name, one])),
    images: await imageDefaults(
      engine,
      [...images].filter((image) => image !== ""),
    ),
    disks,
  };
}

/** How many objects one process inspects: they are asked for one after the other, and a line has its length. */
const AT_ONCE = 50;

/** What is not there is left out. */
async function inspect<T>(
  engine: Engine,
  kind: "container" | "network" | "volume" | "image",
  names: readonly string[],
): Promise<readonly T[]> {
  const starts = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, i) => i * AT_ONCE);
  const parts = await Promise.all(
    starts.map(async (start) => {
      const argv = ["docker", kind, "inspect", ...names.slice(start, start + AT_ONCE)];
      const { code, stdout, stderr } = await engine.run(argv);
      // Gone, or not there yet, is no refusal; anything else is.
      const refused = stderr
        .split("\n")
        .some((line) => line.trim() !== "" && !/no such|not found/i.test(line));
      return JSON.parse(code !== 0 && refused ? await answerOf(engine, argv) : stdout) as T[];
    }),
  );
  return parts.flat();
}

interface ImageInspect {
  readonly Id: string;
  readonly Config: Pick<ContainerInspect["Config"], "Env" | "Entrypoint" | "Cmd"> | null;
}

async function imageDefaults(
  engine: Engine,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ImageDefaults>> {
  const images = await inspect<ImageInspect>(engine, "image", ids);
  return new Map(
    images.map(({ Id, Config }) => [
      Id,
      {
        environment: Config?.Env ?? [],
        entrypoint: Config?.Entrypoint ?? [],
        command: Config?.Cmd ?? [],
      },
    ]),
  );
}
