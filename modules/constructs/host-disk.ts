import type { EngineRole } from "../plan/engine-names.ts";
import { engineName } from "../plan/engine-names.ts";
import { Construct, Volume } from "./cdktf.ts";
import { HostStep } from "./host-step.ts";
import { identity, type StackContext } from "./stack-context.ts";

export interface HostDiskProps {
  readonly role: EngineRole;
  /** Name on the engine, and bytes. */
  readonly volume: { readonly name: string; readonly bytes: number };
  /** Of a repository: in which server's folder it appears, and as what. */
  readonly shown?: { readonly group: string; readonly name: string };
}

/** A size-limited volume: a file system of its own on the engine's host, and the Docker volume that is bound to it. */
export class HostDisk extends Construct {
  readonly volume: Volume;

  constructor(context: StackContext, { role, volume: { name, bytes }, shown }: HostDiskProps) {
    const slug = name.slice(engineName({ ...context, role, name: "" }).length);
    super(context.scope, `${role}-${slug}-volume`);
    const options = [
      ["--size", String(bytes)],
      ...(shown === undefined ? [] : [["--repository", `${shown.group}/${shown.name}`] as const]),
    ] as const;
    const step = new HostStep(context, {
      id: `${role}-${slug}-disk`,
      args: ["volume", name, ...options.flat()],
      triggers: options.map(([, value]) => value),
    });
    this.volume = new Volume(this, "volume", {
      ...identity(context, role, slug, {}),
      driver: "local",
      driverOpts: { type: "none", o: "bind", device: `${MOUNTS}/${name}/data` },
      dependsOn: [step.resource],
    });
  }
}

/** Where `simpul host volume` mounts the size-limited volumes of an engine's host. */
const MOUNTS = "/var/lib/simpul/mounts";
