import type { Engine } from "./docker-engine.ts";
import { HOST_VOLUME_ROOT } from "./host-volume.ts";

/** A size-limited volume as the engine's host has it. */
export interface DiskObservation {
  readonly sizeBytes: number;
  readonly mounted: boolean;
}

/** All images of size-limited volumes on the engine's host, by the name of their volume. */
export async function observeDisks(
  engine: Engine,
  root = HOST_VOLUME_ROOT,
): Promise<ReadonlyMap<string, DiskObservation>> {
  const find = ["find", `${root}/volumes`, "-maxdepth", "1", "-name", "*.ext4"];
  const [images, mounts] = await Promise.all([
    engine.run([...find, "-printf", "%s %f\\n"]),
    engine.run(["findmnt", "--noheadings", "--raw", "--types=ext4", "--output=TARGET"]),
  ]);
  const mounted = new Set(mounts.stdout.split("\n").map((line) => line.trim()));
  const lines = images.stdout.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [size = "", file = ""] = line.split(" ");
      const name = file.replace(/\.ext4$/, "");
      return [name, { sizeBytes: Number(size), mounted: mounted.has(`${root}/mounts/${name}`) }];
    }),
  );
}
