import { engineName, type EngineRole } from "../plan/engine-names.ts";
import { Volume, type Construct } from "./cdktf.ts";
import { HostStep } from "./host-step.ts";
import { identity, type StackContext } from "./stack-context.ts";

export interface SizedVolumeProps {
  readonly role: EngineRole;
  /** Slug of the server that it belongs to. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Options of `simpul host volume` beside the size, with their values. */
  readonly options?: readonly (readonly [string, string])[];
}

/** Where `simpul host volume` mounts the size-limited volumes of an engine's host. */
export const MOUNTS = "/var/lib/simpul/mounts";

/** A Docker volume that takes no more than its size: an ext4 image on the engine's host, which a host step makes and mounts. */
export function sizedVolume(
  scope: Construct,
  context: StackContext,
  { role, name, sizeBytes, options = [] }: SizedVolumeProps,
): { readonly volume: Volume; readonly volumeName: string } {
  const volumeName = engineName({ kabupaten: context.kabupaten, role, name });
  const disk = [["--size", String(sizeBytes)] as const, ...options];
  const step = new HostStep(context, {
    id: `${role}-${name}-disk`,
    args: ["volume", volumeName, ...disk.flat()],
    triggers: disk.map(([, value]) => value),
  });
  const volume = new Volume(scope, "volume", {
    ...identity(context, role, name, {}),
    driver: "local",
    driverOpts: { type: "none", o: "bind", device: `${MOUNTS}/${volumeName}/data` },
    dependsOn: [step.resource],
  });
  return { volume, volumeName };
}
