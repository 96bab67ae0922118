import type { Diagnostic } from "../core/diagnostic.ts";
import { engineName } from "../plan/engine-names.ts";
import type { Engine } from "./docker-engine.ts";
import { HOST_VOLUME_ROOT, listHostVolumes, removeHostVolume } from "./host-volume.ts";

/**
 * Removes the disks of servers that were destroyed by name: a later server of the same name must not find the data of
 * the one before. A disk that a Docker volume still uses stays, and is none of these.
 * @param destroyed as people name them: `vps/ppdb-online`
 * @returns what could not be removed
 */
export async function removeForsakenDisks(
  engine: Engine,
  kabupaten: string,
  destroyed: Iterable<string>,
  root = HOST_VOLUME_ROOT,
): Promise<readonly Diagnostic[]> {
  const there = new Set(await listHostVolumes(engine, root));
  const problems: Diagnostic[] = [];
  for (const server of destroyed) {
    const [role, name] = server.split("/");
    if (!isWithDisk(role) || name === undefined) continue;
    const disk = engineName({ kabupaten, role, name });
    const problem = there.has(disk) ? await removeHostVolume(engine, disk, root) : undefined;
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

const WITH_DISKS = ["vps", "colocation", "backup-server", "backup-runner"] as const;

function isWithDisk(role: string | undefined): role is (typeof WITH_DISKS)[number] {
  return WITH_DISKS.some((one) => one === role);
}
