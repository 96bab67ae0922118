import type { Diagnostic } from "../core/diagnostic.ts";
import { answerOf, type Engine } from "./docker-engine.ts";
import { HOST_VOLUME_ROOT, hostVolume } from "./host-volume.ts";

/** What the engine says of a container's own layer, above its image. */
interface Layer {
  readonly GraphDriver: {
    readonly Name: string;
    readonly Data: { readonly UpperDir?: string } | null;
  };
  readonly State: { readonly Running: boolean };
}

/**
 * Lays what a container writes over its image into the size-limited volume that it has anyway: the engine keeps that
 * layer on its own disk, without bounds, where one VPS could fill what all others need. The layer's folders become links
 * into the mounted volume, beside `data`; while that is not mounted, the container does not start (ADR-0022).
 * A container that runs is stopped for the moment. Safe to repeat after a stop at any point.
 * @returns whether something had to be moved, or why it could not
 */
export async function boundRootLayer(
  engine: Engine,
  container: string,
  volumeName: string,
  root = HOST_VOLUME_ROOT,
): Promise<"moved" | "ready" | Diagnostic> {
  const { mount } = hostVolume(volumeName, root);
  const format = ["--format", "{{json .}}", container];
  const inspect = await engine.run(["docker", "container", "inspect", ...format]);
  if (inspect.code !== 0) return unbounded(container, "there is no such container");
  const { GraphDriver: driver, State } = JSON.parse(inspect.stdout) as Layer;
  const upper = driver.Data?.UpperDir ?? "";
  const [, layer = "", id = ""] = /^(\/.+\/([0-9a-f]{64}))\/diff$/.exec(upper) ?? [];
  if (driver.Name !== "overlay2" || id === "")
    return unbounded(container, `the engine keeps containers by ${driver.Name}, not by overlay2`);
  const mounted = await engine.run(["mountpoint", "--quiet", mount]);
  if (mounted.code !== 0) return unbounded(container, `volume ${volumeName} is not mounted`);

  const rooms = `${mount}/root`;
  const there = await engine.run(["readlink", upper]);
  if (there.stdout.trim() === `${rooms}/${id}/diff`) return "ready";
  if (State.Running) await answerOf(engine, ["docker", "stop", container]);
  await answerOf(engine, ["sh", "-euc", MOVE_LAYER, "move-layer", layer, rooms, id]);
  if (State.Running) await answerOf(engine, ["docker", "start", container]);
  return "moved";
}

/** Whether what a container writes over its image lies in this volume already; undefined when there is no container. */
export async function hasBoundRootLayer(
  engine: Engine,
  container: string,
  volumeName: string,
  root = HOST_VOLUME_ROOT,
): Promise<boolean | undefined> {
  const format = ["--format", "{{.GraphDriver.Data.UpperDir}}", container];
  const upper = await engine.run(["docker", "container", "inspect", ...format]);
  if (upper.code !== 0) return undefined;
  const { stdout } = await engine.run(["readlink", upper.stdout.trim()]);
  return stdout.startsWith(`${hostVolume(volumeName, root).mount}/root/`);
}

// The last thing is the link: a layer whose folder is none has been copied whole. Layers of former containers go.
const MOVE_LAYER = `
layer=$1 rooms=$2 id=$3
mkdir --parents --mode=0700 "$rooms/$id"
for room in "$rooms"/*; do [ "$room" = "$rooms/$id" ] || rm -rf "$room"; done
for part in diff work; do
  if [ ! -L "$layer/$part" ]; then
    if [ -e "$layer/$part" ]; then
      rm -rf "$rooms/$id/$part"
      cp --archive "$layer/$part" "$rooms/$id/$part"
      sync --file-system "$rooms"
      rm -rf "$layer/$part.old"
      mv --no-target-directory "$layer/$part" "$layer/$part.old"
    fi
    ln --symbolic "$rooms/$id/$part" "$layer/$part"
  fi
  rm -rf "$layer/$part.old"
done
`;

function unbounded(container: string, why: string): Diagnostic {
  return {
    id: "root-layer-unbounded",
    severity: "error",
    what: `what ${container} writes beside its volume has no limit: ${why}`,
    why: "a VPS could fill the disk of the engine's host, and with it every other server's",
    fix: "run an engine with the overlay2 driver (docker info), mount the volumes (simpul host apply), deploy again",
  };
}
